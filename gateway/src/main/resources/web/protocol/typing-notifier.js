/** Sends typing notices while the user types: at most one in three seconds, and none in large groups. */

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */

const INTERVAL_MILLIS = 3_000;

export class TypingNotifier {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** Conversation id → when the last notice was sent, in milliseconds. */
    #sentAt = new Map();

    /**
     * @param {Store} store
     * @param {Requests} requests
     */
    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
    }

    typed({ id: conversationId, kind, large, lastSeq }) {
        const hasReaders = lastSeq > 0 && !large && (kind === 'private' || kind === 'group');
        const now = Date.now();
        if (hasReaders && this.#store.synced && now - (this.#sentAt.get(conversationId) ?? 0) >= INTERVAL_MILLIS) {
            this.#sentAt.set(conversationId, now);
            this.#requests.send('typing', { conversationId }, () => true);
        }
    }
}
