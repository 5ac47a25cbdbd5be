/**
 * What the frames mean: folds views and events into the store.
 *
 * From `connected` on every event comes live; what happened before is asked for with `sync`. Both are folded in as they
 * come, in any order, because the state takes each only once.
 */
import { event } from './events.js';
import { body, head, presence, view } from './frames.js';
import { int } from './json.js';

const RETRY_SYNC_MILLIS = 1_000;

export class Session {
    #store;
    #requests;
    #acks;
    #onNews;
    #sessionId = null;

    /** `onNews(conversationId, messages)`: messages that came live and were not known. */
    constructor(store, requests, acks, onNews) {
        this.#store = store;
        this.#requests = requests;
        this.#acks = acks;
        this.#onNews = onNews;
    }

    opened(connected) {
        this.#sessionId = connected.sessionId;
        if (connected.resumed === true) {
            this.#synced();
        } else {
            this.#acks.restart();
            this.#sync(connected.sessionId);
        }
    }

    lost() {
        this.#sessionId = null;
        this.#store.synced = false;
        this.#requests.loseAll();
        this.#store.changed();
    }

    receive(frame) {
        const [kind, value] = body(frame);
        if (frame.id && this.#requests.answer(frame.id, kind, value)) {
            return;
        }
        if (kind === 'events' && int(value.deliverySeq) > 0) {
            this.#live(value);
            this.#acks.received(int(value.deliverySeq));
        } else if (kind === 'events' && !frame.id) {
            this.#live(value);
        } else if (kind === 'view') {
            this.#store.applyView(view(value));
        } else if (kind === 'head') {
            this.#store.applyHead(head(value));
        } else if (kind === 'view') {
            this.#store.applyView(view(value));
        } else if (kind === 'presence') {
            this.#store.applyPresence(presence(value));
        }
    }

    #live(events) {
        const happened = (events.events ?? []).map(event);
        for (const { userId } of happened.filter(({ kind }) => kind === 'typing')) {
            this.#store.applyTyping(events.conversationId, userId, Date.now());
        }
        const news = this.#store.applyEvents(events.conversationId, happened.filter(({ kind }) => kind !== 'typing'));
        if (news.length > 0) {
            this.#onNews(events.conversationId, news);
        }
    }

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
            (value.views ?? []).map(view).forEach((v) => this.#store.applyView(v));
            if (value.done === true) {
                this.#store.version = value.version ?? '0';
                this.#synced();
            }
            return value.done === true;
        });
    }

    #synced() {
        this.#store.synced = true;
        this.#store.changed();
    }
}
