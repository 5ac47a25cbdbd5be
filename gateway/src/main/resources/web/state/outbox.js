/**
 * Messages written here that have no seq yet. Kept in the tab's storage, so that neither a reload nor a lost connection
 * loses one; always sent with the clientMsgId they were born with, so that none is said twice.
 *
 *   waiting ──▶ accepted ──▶ (settled: gone, it is a message now)
 *      │            │
 *      └──────▶ failed ◀┘      failed ──▶ waiting (retry) or gone (discard)
 */
const KEY = 'tidings.outbox';

export class Outbox {
    #storage;
    #entries;

    /** `storage`: getItem and setItem of strings. */
    constructor(storage) {
        this.#storage = storage;
        this.#entries = JSON.parse(storage.getItem(KEY) ?? '[]');
        for (const entry of this.#entries) {
            entry.state = entry.state === 'accepted' ? 'waiting' : entry.state;
        }
    }

    /** Entries of a conversation, oldest first: {conversationId, clientMsgId, text, replyTo, mentions, forward, at (ms), state, problem, retryable}. */
    of(conversationId) {
        return this.#entries.filter((entry) => entry.conversationId === conversationId);
    }

    /** Entries that still have to be sent, oldest first. */
    get unsettled() {
        return this.#entries.filter((entry) => entry.state !== 'failed');
    }

    get isEmpty() {
        return this.#entries.length === 0;
    }

    /** `draft`: {text, replyTo: {seq, sender, quote} or null, mentions: {all, userIds} or null, forward: {conversationId, seq, sender} or null}. */
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
        this.#become(entry, { state: 'accepted' });
    }

    failed(entry, problem, retryable) {
        this.#become(entry, { state: 'failed', problem, retryable });
    }

    retry(entry) {
        this.#become(entry, { state: 'waiting', problem: null });
    }

    /** It has become a message: no longer ours to keep. Returns the entry, or undefined where it was gone already. */
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

    #become(entry, change) {
        if (this.#entries.includes(entry)) {
            Object.assign(entry, change);
            this.#save();
        }
    }

    #save() {
        this.#storage.setItem(KEY, JSON.stringify(this.#entries));
    }
}
