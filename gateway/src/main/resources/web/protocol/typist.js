/** Tells the others that the user is writing: now and then, as long as he does. Nobody is told in large groups. */
const INTERVAL_MILLIS = 3_000;

export class Typist {
    #store;
    #requests;
    /** Conversation id → when it was said last. */
    #saidAt = new Map();

    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
    }

    typed({ id: conversationId, kind, large, lastSeq }) {
        const listening = lastSeq > 0 && !large && (kind === 'private' || kind === 'group');
        const now = Date.now();
        if (listening && this.#store.synced && now - (this.#saidAt.get(conversationId) ?? 0) >= INTERVAL_MILLIS) {
            this.#saidAt.set(conversationId, now);
            this.#requests.send('typing', { conversationId }, () => true);
        }
    }
}
