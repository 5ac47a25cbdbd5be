/**
 * Applies the frames of a session to the store.
 *
 * From `connected` on every event arrives live; a `sync` asks for earlier changes. Both may arrive in any order, because the
 * state takes each change only once.
 */
import { event } from './events.js';
import { body, head, presence, view } from './frames.js';
import { int } from './json.js';

/** @typedef {import('./acks.js').Acks} Acks */
/** @typedef {import('../state/types.js').Message} Message */
/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */

const RETRY_SYNC_MILLIS = 1_000;

export class Session {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** @type {Acks} */
    #acks;
    /** @type {(conversationId: string, messages: Message[]) => void} */
    #onNewMessages;
    #sessionId = /** @type {string | null} */ (null);

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {Acks} acks
     * @param {(conversationId: string, messages: Message[]) => void} onNewMessages called for
     *     messages that arrive live and were unknown
     */
    constructor(store, requests, acks, onNewMessages) {
        this.#store = store;
        this.#requests = requests;
        this.#acks = acks;
        this.#onNewMessages = onNewMessages;
    }

    connected(connected) {
        this.#sessionId = connected.sessionId;
        this.#acks.restart();
        this.#sync(connected.sessionId);
    }

    disconnected() {
        this.#sessionId = null;
        this.#store.synced = false;
        this.#requests.disconnected();
        this.#store.changed();
    }

    receive(frame) {
        const [kind, value] = body(frame);
        if (frame.id && this.#requests.answer(frame.id, kind, value)) {
            return;
        }
        if (kind === 'events' && int(value.deliverySeq) > 0) {
            this.#applyLive(value);
            this.#acks.received(int(value.deliverySeq));
        } else if (kind === 'events' && !frame.id) {
            this.#applyLive(value);
        } else if (kind === 'view') {
            this.#store.applyView(view(value), Date.now());
        } else if (kind === 'head') {
            this.#store.applyHead(head(value));
        } else if (kind === 'presence') {
            this.#store.applyPresence(presence(value));
        }
    }

    #applyLive({ conversationId, events: json = [] }) {
        const events = json.map(event);
        for (const { userId } of events.filter(({ kind }) => kind === 'typing')) {
            this.#store.applyTyping(conversationId, userId, Date.now());
        }
        const newMessages = this.#store.applyEvents(conversationId, events.filter(({ kind }) => kind !== 'typing'));
        if (newMessages.length > 0) {
            this.#onNewMessages(conversationId, newMessages);
        }
    }

    /** Syncs from the version of the last sync, page by page. A reset forgets everything first. */
    #sync(sessionId) {
        const since = this.#store.version;
        const request = since === null ? { mode: 'FULL' } : { mode: 'INCREMENTAL', since };
        this.#requests.send('sync', request, (kind, value) => {
            if (kind !== 'syncPage') {
                const wait = int(value.retryAfterMs) || RETRY_SYNC_MILLIS;
                setTimeout(() => this.#sessionId === sessionId && this.#sync(sessionId), wait);
                return true;
            }
            if (value.reset === true) {
                this.#store.reset();
            }
            const now = Date.now();
            (value.views ?? []).forEach((json) => this.#store.applyView(view(json), now));
            if (value.done === true) {
                this.#store.version = value.version ?? '0';
                this.#store.synced = true;
                this.#store.changed();
            }
            return value.done === true;
        });
    }
}
