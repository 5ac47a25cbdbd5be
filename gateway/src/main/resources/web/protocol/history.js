/**
 * Loads missing events from history: older pages that the user scrolls to, and gaps between live events.
 *
 * History follows live events by up to about a second. The page asks again for what history does not hold yet, with an
 * exponential backoff.
 */
import { text, textIfAny } from '../texts/texts.js';
import { event } from './events.js';
import { int } from './json.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/conversation.js').Conversation} Conversation */

const MAX_RANGE = 200;
/** Most gaps between live events close by themselves within this time. */
const GAP_MILLIS = 150;
const FIRST_RETRY_MILLIS = 300;
const MAX_RETRY_MILLIS = 5_000;

export class History {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** Conversation id → {retryMillis} of the pull that is running or scheduled. */
    #pulls = new Map();

    /**
     * @param {Store} store
     * @param {Requests} requests
     */
    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
        store.subscribe(() => this.#pullMissing());
    }

    /** Forgets all pulls: after the next sync, #pullMissing finds again what is missing. */
    disconnected() {
        this.#pulls.clear();
    }

    #pullMissing() {
        if (!this.#store.synced) {
            return;
        }
        for (const conversation of this.#store.conversations.values()) {
            const range = this.#pulls.has(conversation.id) ? null : this.#missing(conversation);
            if (range !== null) {
                this.#schedule(conversation, range.live ? GAP_MILLIS : 0, FIRST_RETRY_MILLIS);
            }
        }
    }

    #missing(/** @type {Conversation} */ conversation) {
        return conversation.historyProblem === null ? conversation.missing() : null;
    }

    #schedule(/** @type {Conversation} */ conversation, millis, retryMillis) {
        const attempt = { retryMillis };
        this.#pulls.set(conversation.id, attempt);
        setTimeout(() => this.#pulls.get(conversation.id) === attempt && this.#pull(conversation, attempt), millis);
    }

    #pull(/** @type {Conversation} */ conversation, attempt) {
        const range = this.#missing(conversation);
        if (range === null) {
            this.#pulls.delete(conversation.id);
            return;
        }
        const from = Math.max(range.from, range.to - MAX_RANGE + 1);
        const pull = { conversationId: conversation.id, fromSeq: String(from), toSeq: String(range.to) };
        this.#requests.send('pull', pull, (kind, value) => {
            if (this.#pulls.get(conversation.id) === attempt) {
                this.#answered(conversation, { from, to: range.to }, attempt, kind, value);
            }
            return true;
        });
    }

    #answered(/** @type {Conversation} */ conversation, range, attempt, kind, value) {
        if (kind === 'events') {
            this.#apply(conversation, range, value);
            const progress = conversation.knows(range.to);
            this.#schedule(conversation, progress ? 0 : attempt.retryMillis, progress ? FIRST_RETRY_MILLIS : longer(attempt));
        } else if (kind === 'lost' || value.retryable === true) {
            this.#schedule(conversation, Math.max(attempt.retryMillis, int(value.retryAfterMs)), longer(attempt));
        } else {
            conversation.historyProblem = textIfAny(`refusal.${value.code}`) ?? text('chat.historyUnavailable');
            this.#pulls.delete(conversation.id);
            this.#store.changed();
        }
    }

    #apply(/** @type {Conversation} */ conversation, range, answer) {
        this.#store.applyEvents(conversation.id, (answer.events ?? []).map(event));
        if (answer.complete === true) {
            // Up to its head, history will never hold what a complete answer leaves out.
            this.#store.markEmpty(conversation.id, range.from, Math.min(range.to, int(answer.headSeq)));
        } else if (int(answer.fromSeq) > 0) {
            // Between fromSeq and toSeq only deleted and hidden events are left out.
            this.#store.markEmpty(conversation.id, int(answer.fromSeq), int(answer.toSeq));
        }
    }
}

function longer(attempt) {
    return Math.min(MAX_RETRY_MILLIS, attempt.retryMillis * 2);
}
