/** Reads frames of `tidings.v1.json` as plain values (state/types.js); events are in events.js. */
import { int, profile, ranges, time } from './json.js';

/**
 * The body of a frame.
 *
 * @returns {[string, any]} its name and value; an empty name where there is none
 */
export function body(frame) {
    return Object.entries(frame).find(([name]) => name !== 'id') ?? ['', {}];
}

/** @returns {import('../state/types.js').View} */
export function view(json) {
    return {
        conversationId: json.conversationId ?? '',
        lastSeq: int(json.lastSeq),
        unread: int(json.unread),
        unreadMentions: int(json.unreadMentions),
        readSeq: int(json.readSeq),
        peerReadSeq: int(json.peerReadSeq),
        peerDeliveredSeq: int(json.peerDeliveredSeq),
        countedIndex: int(json.countedIndex),
        lastMessage: json.lastMessage === undefined ? null : preview(json.lastMessage),
        updatedAt: time(json.updatedAt),
        deleted: ranges(json.deleted),
        group: json.group === undefined ? null : groupView(json.group),
        relation: json.relation === undefined ? null : relationView(json.relation),
        version: int(json.version),
        large: json.large === true,
        settings: {
            pinned: json.pinned === true,
            muted: json.muted === true,
            hidden: json.hidden === true,
            draft: json.draft ?? '',
        },
    };
}

/** @returns {import('../state/types.js').Presence} */
export function presence(json) {
    return { userId: json.userId ?? '', online: json.online === true, lastSeenAt: time(json.lastSeenAt), status: json.status ?? '' };
}

/** @returns {import('../state/types.js').UserProfile} */
export function userProfile(json) {
    return {
        userId: json.userId ?? '',
        name: json.displayName ?? '',
        avatarUrl: json.avatarUrl ?? '',
        disabled: json.disabled === true,
    };
}

export function device(json) {
    return {
        deviceId: json.deviceId ?? '',
        platform: json.platform ?? '',
        lastSeenAt: time(json.lastSeenAt),
        online: json.online === true,
        push: json.push === true,
    };
}

/**
 * The receipts of one message. `deliveredTo` includes the readers, `members` does not include the sender.
 *
 * @returns {{members: number, deliveredTo: string[], readBy: string[]}}
 */
export function messageReceipts(json) {
    return { members: int(json.members), deliveredTo: json.deliveredTo ?? [], readBy: json.readBy ?? [] };
}

/** @returns {import('../state/types.js').Head} */
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
        pinnedSeqs: (json.pinnedSeqs ?? []).map(int),
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
        invitedBy: json.invitedBy ?? '',
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
    return { seq, sender, sentAt: time(json.sentAt), expiresAt: time(json.expiresAt), text, url: null, mentions: { all: false, userIds: [] }, recalled, countable: true };
}
