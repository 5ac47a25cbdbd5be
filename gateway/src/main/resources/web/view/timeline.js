/** The rows of a chat, from a conversation and its outbox: pure, nothing is drawn here. */
import { tickState } from './tick.js';
import { clockTime, day, dayTitle } from './times.js';

/** Messages of one sender closer together than this belong to one group. */
const GROUP_MILLIS = 5 * 60_000;

/**
 * Rows {key, look, kind, …}, oldest first. Kinds: `beginning`, `loading`, `problem`, `day`, `unread`, `message`.
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
        const divides = !divided && said.seq > unreadAfter && said.sender !== store.me;
        if (divides) {
            divided = true;
            rows.push({ key: 'unread', look: '', kind: 'unread' });
        }
        const first = newDay || divides || !belongsTo(before, said);
        if (first && before !== null) {
            before.last = true;
        }
        before = messageRow(store, conversation, said, first);
        rows.push(before);
    }
    return rows.map((row) => ({ ...row, look: row.look + (row.last ? ' last' : '') }));
}

function everythingSaid(store, conversation) {
    const waiting = store.outbox.of(conversation.id).map((entry) => ({
        seq: Infinity,
        sender: store.me,
        sentAt: entry.at,
        clientMsgId: entry.clientMsgId,
        text: entry.text,
        url: null,
        entry,
    }));
    const said = [...conversation.messages, ...waiting];
    return said.map((message, i) => ({ ...message, isLast: i === said.length - 1 }));
}

function top(store, conversation) {
    if (conversation.historyProblem !== null) {
        return { key: 'top', look: 'problem', kind: 'problem', text: conversation.historyProblem };
    }
    const settled = conversation.atBeginning && conversation.missing() === null && (store.synced || conversation.lastSeq > 0);
    const kind = settled ? 'beginning' : 'loading';
    return { key: 'top', look: kind, kind, conversation };
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
    return before !== null && before.sender === said.sender && Math.abs(said.sentAt - before.sentAt) < GROUP_MILLIS;
}

function messageRow(store, conversation, said, first) {
    const mine = said.sender === store.me;
    const state = mine ? tickState(conversation, said.entry, said.seq) : null;
    const seq = said.entry === undefined ? said.seq : 0;
    const row = {
        ...said,
        key: `${said.sender} ${said.clientMsgId || `#${seq}`}`,
        kind: 'message',
        seq,
        mine,
        first,
        last: said.isLast,
        state,
        time: clockTime(said.sentAt),
        named: !mine && first && conversation.kind !== 'private',
    };
    return { ...row, look: [seq, row.first, state, row.time, said.entry?.problem ?? ''].join(' ') };
}
