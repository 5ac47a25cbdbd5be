/** Frames of `tidings.v1.json` as plain values; events are in events.js. Integers are numbers, times milliseconds since 1970. */
import { int, profile, ranges, time } from './json.js';

/** The one body of a frame: [name, value]. */
export function body(frame) {
    return Object.entries(frame).find(([name]) => name !== 'id') ?? ['', {}];
}

export function view(json) {
    return {
        conversationId: json.conversationId ?? '',
        lastSeq: int(json.lastSeq),
        unread: int(json.unread),
        unreadMentions: int(json.unreadMentions),
        readSeq: int(json.readSeq),
        peerReadSeq: int(json.peerReadSeq),
        countedIndex: int(json.countedIndex),
        lastMessage: json.lastMessage === undefined ? null : preview(json.lastMessage),
        version: int(json.version),
        updatedAt: time(json.updatedAt),
        muted: json.muted === true,
        deleted: ranges(json.deleted),
        group: json.group === undefined ? null : groupView(json.group),
        relation: json.relation === undefined ? null : relationView(json.relation),
    };
}

export function head(json) {
    return { conversationId: json.conversationId ?? '', lastSeq: int(json.lastSeq), messageIndex: int(json.messageIndex) };
}

export function groupDescription(json) {
    return {
        profile: profile(json.profile ?? {}),
        memberCount: int(json.memberCount),
        allMuted: json.allMuted === true,
        members: (json.members ?? []).map(({ userId = '', role = null }) => ({ userId, role })),
        moreMembers: json.moreMembers === true,
        requests: (json.requests ?? []).map(({ userId = '', note = '' }) => ({ userId, note })),
        lastSeq: int(json.lastSeq),
    };
}

function groupView(json) {
    return {
        profile: json.profile === undefined ? null : profile(json.profile),
        role: json.role ?? null,
        joinedSeq: int(json.joinedSeq),
        leftSeq: int(json.leftSeq),
        dissolved: json.dissolved === true,
    };
}

function relationView(json) {
    return {
        friends: json.friends === true,
        requested: json.requested === true,
        requestReceived: json.requestReceived === true,
        requestNote: json.requestNote ?? '',
        blocked: json.blocked === true,
    };
}

function preview(json) {
    const { sender = '', text = '', recalled = false } = json;
    const seq = int(json.seq);
    return { seq, sender, sentAt: time(json.sentAt), text, url: null, mentions: { all: false, userIds: [] }, recalled, countable: true };
}
