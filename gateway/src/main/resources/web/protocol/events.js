/**
 * Events as plain values, by what they mean to the page. Each has `kind`, `seq` (0: outside the sequence) and `sentAt`:
 *
 *   message   {message}                                   something said
 *   edited    {target, text, url, mentions}               `target`: the seq of the message it is about
 *   recalled  {target, by, sender, countable}
 *   reaction  {target, userId, reaction, removed}
 *   read      {userId, readSeq, readIndex}
 *   delivered {userId, deliveredSeq}
 *   typing    {userId}                                     never in history, worth something only at once
 *   deleted   {ranges}                                     by this user, for himself
 *   notice    {notice}                                     of a group or a friendship: see `notice` below
 *   other                                                  nothing this page knows
 */
import { describeContent } from './content.js';
import { int, profile, ranges, time } from './json.js';

const NOTICES = [
    'groupCreated', 'groupUpdated', 'membersAdded', 'joinRequested', 'joinDeclined', 'memberLeft', 'membersRemoved', 'roleChanged',
    'ownershipTransferred', 'memberMuted', 'allMuted', 'groupDissolved', 'pinChanged',
    'friendRequested', 'friendAccepted', 'friendDeclined', 'friendRemoved', 'blockChanged', 'remarkChanged',
];

export function event(json) {
    const at = { seq: int(json.seq), sentAt: time(json.sentAt) };
    if (json.messageSent !== undefined) {
        return { ...at, kind: 'message', message: message(at, int(json.messageIndex), json.messageSent) };
    }
    if (json.messageEdited !== undefined) {
        const { content, mentions: named, seq } = json.messageEdited;
        return { ...at, kind: 'edited', target: int(seq), ...describeContent(content ?? {}), mentions: mentions(named) };
    }
    if (json.messageRecalled !== undefined) {
        const { seq, by = '', sender = '', countable = false } = json.messageRecalled;
        return { ...at, kind: 'recalled', target: int(seq), by, sender, countable };
    }
    if (json.reactionChanged !== undefined) {
        const { seq, userId = '', reaction = '', removed = false } = json.reactionChanged;
        return { ...at, kind: 'reaction', target: int(seq), userId, reaction, removed };
    }
    if (json.readAdvanced !== undefined) {
        const { userId = '', readSeq, readIndex } = json.readAdvanced;
        return { ...at, kind: 'read', userId, readSeq: int(readSeq), readIndex: int(readIndex) };
    }
    if (json.deliveredAdvanced !== undefined) {
        const { userId = '', deliveredSeq } = json.deliveredAdvanced;
        return { ...at, kind: 'delivered', userId, deliveredSeq: int(deliveredSeq) };
    }
    if (json.typingStarted !== undefined) {
        return { ...at, kind: 'typing', userId: json.typingStarted.userId ?? '' };
    }
    if (json.messagesDeleted !== undefined) {
        return { ...at, kind: 'deleted', ranges: ranges(json.messagesDeleted.ranges) };
    }
    const name = NOTICES.find((n) => json[n] !== undefined);
    return name === undefined ? { ...at, kind: 'other' } : { ...at, kind: 'notice', notice: notice(name, json[name]) };
}

/** What was said: live, from history, or put together from the answer to one's own. */
export function message({ seq, sentAt }, messageIndex, json) {
    const { sender = '', clientMsgId = '', content = {}, replyTo, forwardedFrom, state } = json;
    return {
        kind: 'message',
        seq,
        sentAt,
        messageIndex,
        sender,
        clientMsgId,
        ...describeContent(content),
        mentions: mentions(json.mentions),
        /** {seq, sender, quote}, or null. */
        replyTo: replyTo === undefined ? null : { seq: int(replyTo.seq), sender: replyTo.sender ?? '', quote: replyTo.quote ?? '' },
        /** Who said it first, or null. */
        forwardedFrom: forwardedFrom === undefined ? null : forwardedFrom.sender ?? '',
        countable: json.flags?.noUnread !== true,
        /** Not to be shown from then on; 0: always to be shown. */
        expiresAt: time(json.expiresAt),
        state: { editedSeq: int(state?.editedSeq), recalledSeq: int(state?.recalledSeq), recalledBy: state?.recalledBy ?? '' },
    };
}

function mentions(json) {
    return { all: json?.all === true, userIds: json?.userIds ?? [] };
}

/** One shape for all: who did it (`by`), to whom (`userIds`), and what else there is to it. */
function notice(name, json) {
    const self = name === 'memberLeft' || name === 'joinRequested' ? json.userId : '';
    return {
        name,
        by: json.by ?? json.owner ?? json.from ?? self ?? '',
        userIds: json.userIds ?? json.members ?? [json.userId ?? json.to ?? ''].filter(Boolean),
        cause: json.cause ?? '',
        profile: profile(json.profile ?? {}),
        changed: json.changed ?? [],
        memberCount: int(json.memberCount),
        role: json.role ?? 'MEMBER',
        until: time(json.until),
        muted: json.muted === true,
        blocked: json.blocked === true,
        unpinned: json.unpinned === true,
        note: json.note ?? '',
    };
}
