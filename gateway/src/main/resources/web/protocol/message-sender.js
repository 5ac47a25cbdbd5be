/**
 * Sends the messages of the outbox: at once if there is a connection, all of them after a reconnect, and again if an answer is
 * overdue. A message keeps its clientMsgId, so it stays one message.
 */
import { randomId } from '../random-id.js';
import { message } from './events.js';
import { int, time } from './json.js';
import { problemText } from './refusals.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */

const TIMEOUT_MILLIS = 10_000;
const RETRY_MILLIS = 1_000;
/** The page retries so long by itself: history may not hold a forwarded message yet. */
const MAX_RETRY_MILLIS = 15_000;

export class MessageSender {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /**
     * Entry → when to send it again, in milliseconds; absent: not sent on this connection.
     *
     * @type {Map<import('../state/outbox.js').OutboxEntry, number>}
     */
    #dueAt = new Map();

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     */
    constructor(store, requests, clock) {
        this.#store = store;
        this.#requests = requests;
        clock.onTick(() => this.#sendDue());
    }

    /**
     * Adds a message to the outbox and sends it as soon as there is a connection.
     *
     * @param {string} conversationId
     * @param {import('../state/outbox.js').Draft} draft
     */
    send(conversationId, draft) {
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

    /** Sends all messages again: those sent on the last connection may not have arrived. */
    connected() {
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
        this.#dueAt.set(entry, Date.now() + TIMEOUT_MILLIS);
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
        } else if (kind === 'error' && value.retryable === true && (isRateLimited(value) || Date.now() - entry.at < MAX_RETRY_MILLIS)) {
            this.#dueAt.set(entry, Date.now() + Math.max(RETRY_MILLIS, int(value.retryAfterMs)));
        } else if (kind === 'refused' || kind === 'error') {
            outbox.failed(entry, problemText(kind, value), value.retryable === true);
        }
        this.#store.changed();
        return kind !== 'accepted';
    }

    #sequenced(entry, value) {
        const { conversationId, clientMsgId, replyTo, mentions, forward } = entry;
        const at = { seq: int(value.seq), sentAt: time(value.sentAt) };
        if (value.masked === true && value.maskedContent === undefined) {
            this.#loadFromHistory(conversationId, at.seq);
            return;
        }
        const sent = {
            sender: this.#store.me,
            clientMsgId,
            content: value.maskedContent ?? content(entry).content,
            replyTo: replyTo ?? undefined,
            mentions,
            forwardedFrom: forward ? { sender: forward.sender } : undefined,
        };
        this.#store.applyEvents(conversationId, [{ ...at, kind: 'message', message: message(at, 0, sent) }]);
    }

    /** The rules have masked the text, and only history has the masked one: the outbox keeps the message until then. */
    #loadFromHistory(conversationId, seq) {
        const conversation = this.#store.conversation(conversationId);
        conversation.expect(seq);
        conversation.window.include(seq);
    }
}

/** The server names the time of the next attempt, so the message waits in the outbox however long it is. */
function isRateLimited(value) {
    return value.code === 'RATE_LIMITED';
}

function content({ text }) {
    return { content: { text: { body: text } } };
}
