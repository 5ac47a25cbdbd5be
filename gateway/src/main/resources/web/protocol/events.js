/**
 * Reads events as plain values. Each has `kind`, `seq` (0: outside the sequence), `sentAt`, and `carried` if it carries the delivered
 * position of its author, `{userId, deliveredSeq}`:
 *
 *   message   {message}                                   a new message
 *   edited    {target, text, url, mentions}               `target`: the seq of the changed message
 *   recalled  {target, by, sender, countable}
 *   reaction  {target, userId, reaction, removed}
 *   read      {userId, readSeq, readIndex}
 *   delivered {userId, deliveredSeq}
 *   typing    {userId}                                    live only, never in history
 *   deleted   {ranges}                                    what this user has deleted for themselves
 *   notice    {notice}                                    a change of a group or a friendship
 *   other                                                 an event that this page does not show
 */
import { describeContent } from './content.js';
import { int, profile, ranges, time } from './json.js';

const NOTICES = [
    'groupCreated', 'groupUpdated', 'membersAdded', 'joinRequested', 'joinDeclined', 'memberLeft', 'membersRemoved', 'roleChanged',
    'ownershipTransferred', 'memberMuted', 'allMuted', 'groupDissolved', 'pinChanged',
    'friendRequested', 'friendAccepted', 'friendDeclined', 'friendRemoved', 'blockChanged', 'remarkChanged',
];

/**
 * Reads a ConversationEvent.
 *
 * @returns {any} as listed above
 */
export function event(json) {
    const at = { seq: int(json.seq), sentAt: time(json.sentAt), ...carried(json) };
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

/** The devices of the author of an event in a private conversation have everything up to `deliveredSeq`. */
function carried(json) {
    const deliveredSeq = int(json.deliveredSeq);
    if (deliveredSeq === 0) {
        return {};
    }
    const { messageSent, messageEdited, messageRecalled, reactionChanged } = json;
    const changed = NOTICES.map((name) => json[name]).find((body) => body !== undefined);
    const body = messageSent ?? messageEdited ?? messageRecalled ?? reactionChanged ?? changed ?? {};
    return { carried: { userId: body.by ?? body.sender ?? body.userId ?? '', deliveredSeq } };
}

/**
 * Reads a MessageSent: live, from history, or made of an own message and its answer.
 *
 * @returns {import('../state/types.js').Message}
 */
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
        replyTo: replyTo === undefined ? null : { seq: int(replyTo.seq), sender: replyTo.sender ?? '', quote: replyTo.quote ?? '' },
        forwardedFrom: forwardedFrom === undefined ? null : forwardedFrom.sender ?? '',
        countable: json.flags?.noUnread !== true,
        expiresAt: time(json.expiresAt),
        state: { editedSeq: int(state?.editedSeq), recalledSeq: int(state?.recalledSeq), recalledBy: state?.recalledBy ?? '', expired: state?.expired === true },
    };
}

function mentions(json) {
    return { all: json?.all === true, userIds: json?.userIds ?? [] };
}

/**
 * Reads any of NOTICES into one shape.
 *
 * @returns {import('../state/types.js').Notice}
 */
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
        target: name === 'pinChanged' ? int(json.seq) : 0,
        note: json.note ?? '',
    };
}
