/** Makes the rows of a chat of a conversation and its outbox. Pure: message-row.js draws them. */
import { mentionsUser } from '../../state/read-state.js';
import { text } from '../../texts/texts.js';
import { tickState } from '../components/tick.js';
import { noticeText, recalledText, senderName } from '../text/notice-text.js';
import { clockTime, day, dayTitle } from '../text/times.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** Messages of one sender that are closer together form one block. */
const BLOCK_MILLIS = 5 * 60_000;

/**
 * Returns rows {key, look, kind, …}, oldest first. Kinds: `beginning`, `loading` (older or newer ones), `problem`, `day`, `unread`, `message`, `notice`.
 * `unreadAfter`: the unread divider stands below this seq; null: there is none.
 */
export function timeline(store, /** @type {Conversation} */ conversation, unreadAfter) {
    /** @type {any[]} */
    const rows = [top(store, conversation)];
    const days = new Set();
    let before = /** @type {any} */ (null);
    // The surroundings of an old message may lie after the divider's place.
    let divided = unreadAfter === null || (!conversation.window.isNewest && unreadAfter < conversation.floor - 1);
    for (const entry of entriesOf(store, conversation)) {
        const newDay = before === null || day(before.sentAt) !== day(entry.sentAt);
        if (newDay) {
            rows.push(dayRow(entry.sentAt, days));
        }
        const divides = !divided && entry.kind === 'message' && entry.seq > (unreadAfter ?? 0) && entry.sender !== store.me;
        if (divides) {
            divided = true;
            rows.push({ key: 'unread', look: '', kind: 'unread' });
        }
        const first = newDay || divides || !continuesBlock(before, entry);
        if (first && before !== null) {
            before.last = true;
        }
        before = entry.kind === 'notice' ? noticeRow(store, entry) : messageRow(store, conversation, entry, first);
        rows.push(before);
    }
    if (before !== null) {
        before.last = true;
    }
    if (!conversation.window.isNewest) {
        rows.push({ key: 'bottom', look: 'loading', kind: 'loading' });
    }
    return rows.map((row) => Object.assign(row, { look: row.look + (row.last === true ? ' last' : '') }));
}

function entriesOf(store, /** @type {Conversation} */ conversation) {
    const waiting = store.outbox.of(conversation.id).map((entry) => ({
        seq: Infinity,
        sender: store.me,
        sentAt: entry.at,
        clientMsgId: entry.clientMsgId,
        kind: 'message',
        text: entry.text,
        url: null,
        mentions: entry.mentions ?? { all: false, userIds: [] },
        replyTo: entry.replyTo ?? null,
        forwardedFrom: entry.forward?.sender ?? null,
        edited: false,
        recalledBy: null,
        reactions: [],
        expiresAt: 0,
        entry,
    }));
    return [...conversation.shownEntries, ...(conversation.window.isNewest ? waiting : [])];
}

function top(store, /** @type {Conversation} */ conversation) {
    if (conversation.historyProblem !== null) {
        return { key: 'top', look: 'problem', kind: 'problem', text: conversation.historyProblem };
    }
    const loaded = conversation.atBeginning && conversation.missing() === null && (store.synced || conversation.lastSeq > 0);
    const kind = loaded ? 'beginning' : 'loading';
    return { key: 'top', look: `${kind} ${conversation.name} ${conversation.group?.firstSeq}`, kind, conversation };
}

function dayRow(sentAt, days) {
    let key = `day ${day(sentAt)}`;
    while (days.has(key)) {
        // Times of events may go backwards: then the same day comes twice.
        key += ' again';
    }
    days.add(key);
    const title = dayTitle(sentAt);
    return { key, look: title, kind: 'day', text: title };
}

function continuesBlock(before, entry) {
    return before?.kind === 'message' && entry.kind === 'message' && before.sender === entry.sender && Math.abs(entry.sentAt - before.sentAt) < BLOCK_MILLIS;
}

function noticeRow(store, { seq, sentAt, notice }) {
    const sentence = noticeText(notice, store.me, store.people);
    return { key: `notice ${seq}`, look: sentence, kind: 'notice', seq, sentAt, text: sentence };
}

function messageRow(store, /** @type {Conversation} */ conversation, message, first) {
    const { people } = store;
    const mine = message.sender === store.me;
    const shownSender = senderName(message.sender, people);
    const forwardedFrom = message.forwardedFrom === null ? null : people.nameOf(message.forwardedFrom) || text('person.operator');
    const state = mine ? tickState(conversation, message.entry, message.seq) : null;
    const seq = message.entry === undefined ? message.seq : 0;
    const time = clockTime(message.sentAt);
    const reactions = message.reactions.map((chip) => ({ ...chip, names: chip.userIds.map((userId) => people.nameOf(userId)), mine: chip.userIds.includes(store.me) }));
    const quote = message.replyTo === null ? null : named(quoted(conversation, message.replyTo), people);
    const recalled = message.recalledBy === null ? null : recalledText(message, store.me, store.people);
    const problem = message.entry?.problem ?? conversation.problems.get(seq) ?? '';
    const mentionNames = Object.fromEntries(message.mentions.userIds.map((userId) => [userId, people.nameOf(userId)]));
    const parts = JSON.stringify([reactions, quote, mentionNames]);
    return {
        ...message,
        key: `${message.sender} ${message.clientMsgId || `#${seq}`}`,
        look: [seq, first, state, time, message.edited, message.expiresAt, problem, parts, shownSender, forwardedFrom, recalled ?? message.text].join(' '),
        seq,
        mine,
        senderName: shownSender,
        forwardedFrom,
        mentionNames,
        first,
        last: false,
        state,
        time,
        named: !mine && first && conversation.kind !== 'private',
        reactions,
        quoted: quote,
        recalled,
        mentionsMe: !mine && mentionsUser(store.me, message),
        problem,
    };
}

function named(quote, people) {
    return { ...quote, senderName: people.nameOf(quote.sender) };
}

/** The quoted message: as it stands if the page knows it, else as the reply quotes it. */
function quoted(/** @type {Conversation} */ conversation, { seq, sender, quote }) {
    if (conversation.isExpired(seq)) {
        return { seq, sender, text: text('message.expired') };
    }
    const message = conversation.messageAt(seq);
    if (message?.recalledBy === null) {
        return { seq, sender: message.sender, text: message.text || quote };
    }
    return { seq, sender, text: message === null ? quote : text('message.recalledQuote') };
}
