/**
 * Messages of this page that have no seq yet. The tab's storage keeps them, so a reload or a lost connection loses none.
 * Each keeps its clientMsgId, so a message that is sent again stays one message.
 *
 *   waiting ──▶ accepted ──▶ (sequenced: removed from the outbox)
 *      │            │
 *      └──────▶ failed ◀┘      failed ──▶ waiting (retry) or removed (discard)
 *
 * @typedef {object} Draft what the user wrote
 * @property {string} text
 * @property {import('./types.js').Reply | null} replyTo
 * @property {import('./types.js').Mentions | null} mentions
 * @property {{conversationId: string, seq: number, sender: string} | null} forward the message that is forwarded
 *
 * @typedef {Draft & {conversationId: string, clientMsgId: string, at: number, state: string, problem: string | null,
 *     retryable: boolean}} OutboxEntry `at` in milliseconds
 */
const KEY = 'tidings.outbox';

export class Outbox {
    /** @type {Pick<Storage, 'getItem' | 'setItem'>} */
    #storage;
    /** @type {OutboxEntry[]} */
    #entries;

    /** @param {Pick<Storage, 'getItem' | 'setItem'>} storage */
    constructor(storage) {
        this.#storage = storage;
        this.#entries = JSON.parse(storage.getItem(KEY) ?? '[]');
        for (const entry of this.#entries) {
            entry.state = entry.state === 'accepted' ? 'waiting' : entry.state;
        }
    }

    /** Entries of a conversation, oldest first. */
    of(conversationId) {
        return this.#entries.filter((entry) => entry.conversationId === conversationId);
    }

    get conversationIds() {
        return [...new Set(this.#entries.map(({ conversationId }) => conversationId))];
    }

    /** Entries that have not failed, oldest first. */
    get unsettled() {
        return this.#entries.filter((entry) => entry.state !== 'failed');
    }

    get isEmpty() {
        return this.#entries.length === 0;
    }

    /**
     * @param {string} conversationId
     * @param {string} clientMsgId
     * @param {Draft} draft
     * @param {number} at in milliseconds
     */
    add(conversationId, clientMsgId, draft, at) {
        const entry = { conversationId, clientMsgId, ...draft, at, state: 'waiting', problem: null, retryable: false };
        this.#entries.push(entry);
        this.#save();
        return entry;
    }

    find(conversationId, clientMsgId) {
        return this.#entries.find((e) => e.clientMsgId === clientMsgId && e.conversationId === conversationId);
    }

    accepted(entry) {
        this.#update(entry, { state: 'accepted' });
    }

    failed(entry, problem, retryable) {
        this.#update(entry, { state: 'failed', problem, retryable });
    }

    retry(entry) {
        this.#update(entry, { state: 'waiting', problem: null });
    }

    /** Removes the entry of a message that has a seq now. Returns the entry, or undefined where there was none. */
    settle(conversationId, clientMsgId) {
        const entry = this.find(conversationId, clientMsgId);
        if (entry !== undefined) {
            this.discard(entry);
        }
        return entry;
    }

    discard(entry) {
        this.#entries = this.#entries.filter((e) => e !== entry);
        this.#save();
    }

    #update(entry, change) {
        if (this.#entries.includes(entry)) {
            Object.assign(entry, change);
            this.#save();
        }
    }

    #save() {
        this.#storage.setItem(KEY, JSON.stringify(this.#entries));
    }
}
