/** Tells the server how far the user has read, and tells it again until it has been accepted. */
const OVERDUE_MILLIS = 5_000;

export class Reader {
    #store;
    #requests;
    /** Conversation id → when to say it again. */
    #dueAt = new Map();

    constructor(store, requests, clock) {
        this.#store = store;
        this.#requests = requests;
        clock.onTick(() => this.#repeat());
    }

    /** The user has everything up to seq before his eyes. */
    seen(conversation, seq) {
        if (conversation.reading.claim(seq)) {
            this.#store.changed();
            this.#tell(conversation);
        }
    }

    /** After a sync: what the server does not know yet. */
    #repeat() {
        if (this.#store.synced) {
            for (const id of [...this.#dueAt.keys()]) {
                const conversation = this.#store.conversation(id);
                if (conversation.reading.readSeq >= conversation.reading.claimedSeq) {
                    this.#dueAt.delete(id);
                } else if (Date.now() >= this.#dueAt.get(id)) {
                    this.#tell(conversation);
                }
            }
        }
    }

    #tell(conversation) {
        const seq = conversation.reading.claimedSeq;
        this.#dueAt.set(conversation.id, Date.now() + OVERDUE_MILLIS);
        this.#requests.send('markRead', { conversationId: conversation.id, seq: String(seq) }, (kind, value) => {
            if (kind === 'accepted') {
                conversation.reading.readByMe(seq);
            } else if (kind === 'refused' || (kind === 'error' && value.retryable !== true)) {
                this.#dueAt.delete(conversation.id);
            }
            return true;
        });
    }
}
