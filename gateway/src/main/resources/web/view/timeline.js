/** The rows of a chat, from a conversation and its outbox: pure, nothing is drawn here. */
import { calls } from '../state/reading.js';
import { noticeWords, recalledWords } from './notice-words.js';
import { tickState } from './tick.js';
import { clockTime, day, dayTitle } from './times.js';

/** Messages of one sender closer together than this belong to one group. */
const GROUP_MILLIS = 5 * 60_000;

/**
 * Rows {key, look, kind, …}, oldest first. Kinds: `beginning`, `loading`, `problem`, `day`, `unread`, `message`, `notice`.
 * `unreadAfter`: the seq the unread divider stands below, or null.
 */
export function timeline(store, conversation, unreadAfter) {
    const rows = [top(store, conversation)];
    const days = new Set();
    let before = null;
    let divided = unreadAfter === null;
    for (const said of everythingSaid(store, conversation)) {
        const newDay = before === null || day(before.sentAt) !== day(said.sentAt);
        if (newDay) {
            rows.push(dayRow(said.sentAt, days));
        }
        const divides = !divided && said.kind === 'message' && said.seq > unreadAfter && said.sender !== store.me;
        if (divides) {
            divided = true;
            rows.push({ key: 'unread', look: '', kind: 'unread' });
        }
        const first = newDay || divides || !belongsTo(before, said);
        if (first && before !== null) {
            before.last = true;
        }
        before = said.kind === 'notice' ? noticeRow(store, said) : messageRow(store, conversation, said, first);
        rows.push(before);
    }
    if (before !== null) {
        before.last = true;
    }
    return rows.map((row) => Object.assign(row, { look: row.look + (row.last === true ? ' last' : '') }));
}

function everythingSaid(store, conversation) {
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
        entry,
    }));
    return [...conversation.entries, ...waiting];
}

function top(store, conversation) {
    if (conversation.historyProblem !== null) {
        return { key: 'top', look: 'problem', kind: 'problem', text: conversation.historyProblem };
    }
    const settled = conversation.atBeginning && conversation.missing() === null && (store.synced || conversation.lastSeq > 0);
    const kind = settled ? 'beginning' : 'loading';
    return { key: 'top', look: `${kind} ${conversation.name} ${conversation.group?.firstSeq}`, kind, conversation };
}

function dayRow(sentAt, days) {
    let key = `day ${day(sentAt)}`;
    while (days.has(key)) {
        // The clock of some sender went backwards: the same day comes twice.
        key += ' again';
    }
    days.add(key);
    const text = dayTitle(sentAt);
    return { key, look: text, kind: 'day', text };
}

function belongsTo(before, said) {
    return before?.kind === 'message' && said.kind === 'message' && before.sender === said.sender && Math.abs(said.sentAt - before.sentAt) < GROUP_MILLIS;
}

function noticeRow(store, { seq, sentAt, notice }) {
    const text = noticeWords(notice, store.me);
    return { key: `notice ${seq}`, look: text, kind: 'notice', seq, sentAt, text };
}

function messageRow(store, conversation, said, first) {
    const mine = said.sender === store.me;
    const state = mine ? tickState(conversation, said.entry, said.seq) : null;
    const seq = said.entry === undefined ? said.seq : 0;
    const time = clockTime(said.sentAt);
    const reactions = said.reactions.map((chip) => ({ ...chip, mine: chip.userIds.includes(store.me) }));
    const quote = said.replyTo === null ? null : quoted(conversation, said.replyTo);
    const recalled = said.recalledBy === null ? null : recalledWords(said, store.me);
    const problem = said.entry?.problem ?? conversation.problems.get(seq) ?? '';
    const parts = reactions.length === 0 && quote === null ? '' : JSON.stringify([reactions, quote]);
    return {
        ...said,
        key: `${said.sender} ${said.clientMsgId || `#${seq}`}`,
        look: [seq, first, state, time, said.edited, problem, parts, recalled ?? said.text].join(' '),
        seq,
        mine,
        first,
        last: false,
        state,
        time,
        named: !mine && first && conversation.kind !== 'private',
        reactions,
        quoted: quote,
        recalled,
        callsMe: !mine && calls(store.me, said),
        problem,
    };
}

/** What a message answers: as it stands, where it is known, otherwise as its answer quotes it. */
function quoted(conversation, { seq, sender, quote }) {
    const message = conversation.messageAt(seq);
    if (message?.recalledBy === null) {
        return { seq, sender: message.sender, text: message.text || quote };
    }
    return { seq, sender, text: message === null ? quote : 'Recalled message' };
}
