/**
 * Sends what waits in the outbox: at once where there is a connection, all of it again after a new one, and again when
 * an answer is overdue. The same clientMsgId each time, so that it stays one message.
 */
import { randomId } from '../identity.js';
import { int, time } from './frames.js';

const OVERDUE_MILLIS = 10_000;

const REFUSALS = {
    CONTENT_TOO_LARGE: 'This message is too long.',
    CONTENT_EMPTY: 'There is nothing in this message.',
    NOT_A_MEMBER: 'You do not belong to this conversation.',
    CONVERSATION_NOT_FOUND: 'This conversation does not exist.',
    CONVERSATION_WITH_ONESELF: 'You cannot write to yourself.',
};

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

    /** Keeps the text and sends it as soon as it can be sent. */
    say(conversationId, text) {
        const entry = this.#store.outbox.add(conversationId, randomId(), text, Date.now());
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
        const { conversationId, clientMsgId, text } = entry;
        const send = { conversationId, clientMsgId, content: { text: { body: text } } };
        this.#requests.send('send', send, (kind, value) => this.#answered(entry, kind, value));
    }

    /** Returns whether this was the last answer. */
    #answered(entry, kind, value) {
        const outbox = this.#store.outbox;
        if (kind === 'accepted') {
            outbox.accepted(entry);
        } else if (kind === 'sequenced') {
            this.#sequenced(entry, value);
        } else if (kind === 'refused') {
            outbox.failed(entry, REFUSALS[value.reason] ?? value.message ?? 'This message was refused.', false);
        } else if (kind === 'error') {
            outbox.failed(entry, value.message || 'This message could not be sent.', value.retryable === true);
        }
        this.#store.changed();
        return kind !== 'accepted';
    }

    #sequenced({ conversationId, clientMsgId, text }, value) {
        const seq = int(value.seq);
        const message = { seq, sentAt: time(value.sentAt), sender: this.#store.me, clientMsgId, text, url: null };
        this.#store.applyEvents(conversationId, [{ kind: 'message', seq, message }]);
    }
}
