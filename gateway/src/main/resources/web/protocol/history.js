/**
 * Fills what is missing: pages of the past that somebody scrolled to, and gaps between live events.
 *
 * History follows live by up to a second or so; what it does not hold yet is asked for again, with growing patience.
 */
import { event } from './events.js';
import { int } from './json.js';

const LONGEST_RANGE = 200;
/** A gap between live events mostly closes by itself. */
const GAP_MILLIS = 150;
const FIRST_RETRY_MILLIS = 300;
const LONGEST_RETRY_MILLIS = 5_000;

export class History {
    #store;
    #requests;
    /** Conversations with something missing: id → retryMillis of the pull under way or waited for. */
    #busy = new Map();

    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
        store.subscribe(() => this.#look());
    }

    /** Connection gone: whatever is still missing is noticed again after the next sync. */
    lost() {
        this.#busy.clear();
    }

    #look() {
        if (!this.#store.synced) {
            return;
        }
        for (const conversation of this.#store.conversations.values()) {
            const range = this.#busy.has(conversation.id) ? null : this.#missing(conversation);
            if (range !== null) {
                this.#after(conversation, range.live ? GAP_MILLIS : 0, FIRST_RETRY_MILLIS);
            }
        }
    }

    #missing(conversation) {
        return conversation.historyProblem === null ? conversation.missing() : null;
    }

    #after(conversation, millis, retryMillis) {
        const attempt = { retryMillis };
        this.#busy.set(conversation.id, attempt);
        setTimeout(() => this.#busy.get(conversation.id) === attempt && this.#pull(conversation, attempt), millis);
    }

    #pull(conversation, attempt) {
        const range = this.#missing(conversation);
        if (range === null) {
            this.#busy.delete(conversation.id);
            return;
        }
        const from = Math.max(range.from, range.to - LONGEST_RANGE + 1);
        const pull = { conversationId: conversation.id, fromSeq: String(from), toSeq: String(range.to) };
        this.#requests.send('pull', pull, (kind, value) => {
            if (this.#busy.get(conversation.id) === attempt) {
                this.#answered(conversation, { from, to: range.to }, attempt, kind, value);
            }
            return true;
        });
    }

    #answered(conversation, range, attempt, kind, value) {
        if (kind === 'events') {
            this.#fold(conversation, range, value);
            const progress = conversation.knows(range.to);
            this.#after(conversation, progress ? 0 : attempt.retryMillis, progress ? FIRST_RETRY_MILLIS : longer(attempt));
        } else if (kind === 'lost' || value.retryable === true) {
            this.#after(conversation, Math.max(attempt.retryMillis, int(value.retryAfterMs)), longer(attempt));
        } else {
            conversation.historyProblem = value.message || 'Earlier messages cannot be shown.';
            this.#busy.delete(conversation.id);
            this.#store.changed();
        }
    }

    #fold(conversation, range, answer) {
        this.#store.applyEvents(conversation.id, (answer.events ?? []).map(event));
        if (answer.complete === true) {
            // What a complete answer leaves out, up to the head of history, is not there to be had.
            this.#store.applyNothingBetween(conversation.id, range.from, Math.min(range.to, int(answer.headSeq)));
        }
    }
}

function longer(attempt) {
    return Math.min(LONGEST_RETRY_MILLIS, attempt.retryMillis * 2);
}
