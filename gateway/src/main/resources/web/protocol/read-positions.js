/** Sends the user's read positions to the server, and again until it accepts them. */

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/conversation.js').Conversation} Conversation */

const TIMEOUT_MILLIS = 5_000;

export class ReadPositions {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** Conversation id → when to send the position again, in milliseconds. */
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

    /** The user has read everything up to seq. */
    markRead(/** @type {Conversation} */ conversation, seq) {
        if (conversation.readState.markRead(seq)) {
            this.#store.changed();
            this.#send(conversation);
        }
    }

    #sendDue() {
        if (this.#store.synced) {
            for (const id of [...this.#dueAt.keys()]) {
                const conversation = this.#store.conversation(id);
                if (conversation.readState.readSeq >= conversation.readState.localReadSeq) {
                    this.#dueAt.delete(id);
                } else if (Date.now() >= this.#dueAt.get(id)) {
                    this.#send(conversation);
                }
            }
        }
    }

    #send(/** @type {Conversation} */ conversation) {
        const seq = conversation.readState.localReadSeq;
        this.#dueAt.set(conversation.id, Date.now() + TIMEOUT_MILLIS);
        this.#requests.send('markRead', { conversationId: conversation.id, seq: String(seq) }, (kind, value) => {
            if (kind === 'accepted') {
                conversation.readState.readByMe(seq);
            } else if (kind === 'refused' || (kind === 'error' && value.retryable !== true)) {
                this.#dueAt.delete(conversation.id);
            }
            return true;
        });
    }
}
