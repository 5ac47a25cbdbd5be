/**
 * Saves drafts on the server, for all devices of the user: one second after the last key, and again until it is applied. Until
 * then the tab's storage keeps the draft, so a reload does not lose it.
 */
import { parseConversationId } from '../state/conversation-id.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/conversation.js').Conversation} Conversation */

const KEY = 'tidings.draft.';
const PAUSE_MILLIS = 1_000;
const RETRY_MILLIS = 5_000;
/** The server's limit; a longer draft stays in this tab. */
const MAX_BYTES = 4_096;

export class Drafts {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** @type {Storage} */
    #storage;
    /** @type {Map<Conversation, number>} Conversation → when to save its draft, in milliseconds. */
    #dueAt = new Map();
    /** Conversations whose draft is being saved. */
    #saving = new Set();

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     * @param {Storage} storage of this tab
     */
    constructor(store, requests, clock, storage) {
        this.#store = store;
        this.#requests = requests;
        this.#storage = storage;
        this.#restore();
        clock.onTick(() => this.#saveDue(Date.now()));
    }

    write(/** @type {Conversation} */ conversation, text) {
        conversation.settings.localDraft = text;
        this.#storage.setItem(KEY + conversation.id, text);
        // An empty draft was sent or deleted: saves it at once.
        this.#dueAt.set(conversation, text === '' ? 0 : Date.now() + PAUSE_MILLIS);
        if (text === '') {
            this.#saveDue(Date.now());
        }
        this.#store.changed();
    }

    /** Saves all drafts now. */
    flush() {
        this.#saveDue(Infinity);
    }

    #restore() {
        const keys = Array.from({ length: this.#storage.length }, (_, i) => this.#storage.key(i) ?? '').filter((key) => key.startsWith(KEY));
        for (const id of keys.map((key) => key.slice(KEY.length)).filter((id) => parseConversationId(id, this.#store.me) !== null)) {
            const conversation = this.#store.conversation(id);
            conversation.settings.localDraft = this.#storage.getItem(KEY + id);
            this.#dueAt.set(conversation, 0);
        }
    }

    #saveDue(now) {
        if (this.#store.synced) {
            [...this.#dueAt]
                .filter(([conversation, dueAt]) => dueAt <= now && !this.#saving.has(conversation))
                .forEach(([conversation]) => this.#save(conversation));
        }
    }

    /** @param {Conversation} conversation */
    #save(/** @type {Conversation} */ conversation) {
        const draft = conversation.settings.draft;
        if (draft === conversation.settings.serverDraft) {
            this.#saved(conversation, draft);
            return;
        }
        this.#dueAt.delete(conversation);
        if (new TextEncoder().encode(draft).length > MAX_BYTES) {
            return;
        }
        this.#saving.add(conversation);
        this.#requests.send('settings', { conversationId: conversation.id, draft }, (kind, value) => {
            this.#saving.delete(conversation);
            if (kind === 'applied') {
                conversation.settings.change({ draft });
                this.#saved(conversation, draft);
            } else if (kind === 'lost' || value.retryable === true) {
                this.#dueAt.set(conversation, Date.now() + RETRY_MILLIS);
            }
            return true;
        });
    }

    /** The server has this draft. The user may have written another one meanwhile. */
    #saved(/** @type {Conversation} */ conversation, draft) {
        if (conversation.settings.draft === draft) {
            conversation.settings.localDraft = null;
            this.#dueAt.delete(conversation);
            this.#storage.removeItem(KEY + conversation.id);
        }
        this.#store.changed();
    }
}
