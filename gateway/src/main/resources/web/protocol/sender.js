/**
 * Sends what waits in the outbox: at once where there is a connection, all of it again after a new one, and again when
 * an answer is overdue. The same clientMsgId each time, so that it stays one message.
 */
import { randomId } from '../identity.js';
import { message } from './events.js';
import { int, time } from './json.js';
import { reasonWhyNot } from './refusals.js';

const OVERDUE_MILLIS = 10_000;
const RETRY_MILLIS = 1_000;
/** What may pass is tried again by itself for so long; a forwarded message may be so new that history does not hold it yet. */
const PATIENCE_MILLIS = 15_000;

export class Sender {
    #store;
    #requests;
    /** Entry → when to send it again; absent: never sent on this connection. */
    #dueAt = new Map();

    constructor(store, requests, clock) {
        this.#store = store;
        this.#requests = requests;
        clock.onTick(() => this.#sendDue());
    }

    /** Keeps what was written and sends it as soon as it can be sent. `draft`: see Outbox. */
    say(conversationId, draft) {
        const entry = this.#store.outbox.add(conversationId, randomId(), draft, Date.now());
        this.#store.changed();
        this.#send(entry);
    }

    retry(entry) {
        this.#store.outbox.retry(entry);
        this.#store.changed();
        this.#send(entry);
    }

    discard(entry) {
        this.#store.outbox.discard(entry);
        this.#store.changed();
    }

    /** A new connection: nothing of what was said on the old one is sure to have arrived. */
    opened() {
        this.#dueAt.clear();
        this.#store.outbox.unsettled.forEach((entry) => this.#send(entry));
    }

    #sendDue() {
        if (this.#store.connection.name === 'connected') {
            const now = Date.now();
            this.#store.outbox.unsettled
                .filter((entry) => now >= (this.#dueAt.get(entry) ?? 0))
                .forEach((entry) => this.#send(entry));
        }
    }

    #send(entry) {
        this.#dueAt.set(entry, Date.now() + OVERDUE_MILLIS);
        const { conversationId, clientMsgId, replyTo, mentions, forward } = entry;
        const what = forward ? { forward: { conversationId: forward.conversationId, seq: String(forward.seq) } } : content(entry);
        const reply = replyTo && { seq: String(replyTo.seq) };
        const send = { conversationId, clientMsgId, ...what, ...(reply && { replyTo: reply }), ...(mentions && { mentions }) };
        this.#requests.send('send', send, (kind, value) => this.#answered(entry, kind, value));
    }

    /** Returns whether this was the last answer. */
    #answered(entry, kind, value) {
        const outbox = this.#store.outbox;
        if (kind === 'accepted') {
            outbox.accepted(entry);
        } else if (kind === 'sequenced') {
            this.#sequenced(entry, value);
        } else if (kind === 'error' && value.retryable === true && Date.now() - entry.at < PATIENCE_MILLIS) {
            this.#dueAt.set(entry, Date.now() + RETRY_MILLIS);
        } else if (kind === 'refused' || kind === 'error') {
            outbox.failed(entry, reasonWhyNot(kind, value), value.retryable === true);
        }
        this.#store.changed();
        return kind !== 'accepted';
    }

    #sequenced(entry, value) {
        const { conversationId, clientMsgId, replyTo, mentions, forward } = entry;
        const at = { seq: int(value.seq), sentAt: time(value.sentAt) };
        if (value.masked === true && value.maskedContent === undefined) {
            this.#findInHistory(conversationId, at.seq);
            return;
        }
        const forwardedFrom = forward && { sender: forward.sender };
        const said = { sender: this.#store.me, clientMsgId, content: value.maskedContent ?? content(entry).content, replyTo: replyTo ?? undefined, mentions, forwardedFrom: forwardedFrom ?? undefined };
        this.#store.applyEvents(conversationId, [{ ...at, kind: 'message', message: message(at, 0, said) }]);
    }

    /** What everyone else sees of it is not what is kept here: it waits until history has told. */
    #findInHistory(conversationId, seq) {
        const conversation = this.#store.conversation(conversationId);
        conversation.expect(seq);
        conversation.wantFrom(seq);
    }
}

function content({ text }) {
    return { content: { text: { body: text } } };
}
