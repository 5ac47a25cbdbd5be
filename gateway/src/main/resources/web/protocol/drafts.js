/**
 * Keeps what has been begun to be written with its conversation, on all devices of the user: told a second after the last
 * key, and again until it has been applied. Until then it is in the tab's storage, so that a reload does not lose it.
 */
import { describe } from '../state/conversation-id.js';

const KEY = 'tidings.draft.';
const PAUSE_MILLIS = 1_000;
const RETRY_MILLIS = 5_000;
/** What the server keeps of a draft; a longer one stays in this tab. */
const MOST_BYTES = 4_096;

export class Drafts {
    #store;
    #requests;
    #storage;
    /** Conversation → when its draft is to be told. */
    #dueAt = new Map();
    /** Conversations whose draft is on its way. */
    #underWay = new Set();

    /** `storage`: of this tab. */
    constructor(store, requests, clock, storage) {
        this.#store = store;
        this.#requests = requests;
        this.#storage = storage;
        this.#restore();
        clock.onTick(() => this.#tellDue(Date.now()));
    }

    write(conversation, text) {
        conversation.settings.typed = text;
        this.#storage.setItem(KEY + conversation.id, text);
        // What was sent or taken away is gone on the other devices at once.
        this.#dueAt.set(conversation, text === '' ? 0 : Date.now() + PAUSE_MILLIS);
        if (text === '') {
            this.#tellDue(Date.now());
        }
        this.#store.changed();
    }

    /** The user turns elsewhere: no need to wait for another key. */
    flush() {
        this.#tellDue(Infinity);
    }

    #restore() {
        const keys = Object.keys(this.#storage).filter((key) => key.startsWith(KEY));
        for (const id of keys.map((key) => key.slice(KEY.length)).filter((id) => describe(id, this.#store.me) !== null)) {
            const conversation = this.#store.conversation(id);
            conversation.settings.typed = this.#storage.getItem(KEY + id);
            this.#dueAt.set(conversation, 0);
        }
    }

    #tellDue(now) {
        if (this.#store.synced) {
            [...this.#dueAt]
                .filter(([conversation, dueAt]) => dueAt <= now && !this.#underWay.has(conversation))
                .forEach(([conversation]) => this.#tell(conversation));
        }
    }

    #tell(conversation) {
        const draft = conversation.settings.typed;
        if (draft === conversation.settings.toldDraft) {
            this.#told(conversation, draft);
            return;
        }
        this.#dueAt.delete(conversation);
        if (new TextEncoder().encode(draft).length > MOST_BYTES) {
            return;
        }
        this.#underWay.add(conversation);
        this.#requests.send('settings', { conversationId: conversation.id, draft }, (kind, value) => {
            this.#underWay.delete(conversation);
            if (kind === 'applied') {
                conversation.settings.change({ draft });
                this.#told(conversation, draft);
            } else if (kind === 'lost' || value.retryable === true) {
                this.#dueAt.set(conversation, Date.now() + RETRY_MILLIS);
            }
            return true;
        });
    }

    /** The server has this draft. Another one may have been written meanwhile. */
    #told(conversation, draft) {
        if (conversation.settings.typed === draft) {
            conversation.settings.typed = null;
            this.#dueAt.delete(conversation);
            this.#storage.removeItem(KEY + conversation.id);
        }
        this.#store.changed();
    }
}
