/** Sends the user's read positions to the server, and again until it accepts them. */

/** @typedef {import('../state/conversation.js').Conversation} Conversation */

const TIMEOUT_MILLIS = 5_000;

export class ReadPositions {
    #store;
    #requests;
    /** Conversation id → when to send the position again, in milliseconds. */
    #dueAt = new Map();

    /**
     * @param {import('../state/store.js').Store} store
     * @param {import('./requests.js').Requests} requests
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
