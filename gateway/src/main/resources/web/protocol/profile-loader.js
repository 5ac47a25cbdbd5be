/** Reads the profiles of the users that the page shows, in batches: those that it does not know, and those that are old. */
import { userProfile } from './frames.js';
import { int } from './json.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */

/** Collects the users of one repaint. */
const GATHER_MILLIS = 50;
/** After a query without a complete reply. */
const PAUSE_MILLIS = 5_000;

export class ProfileLoader {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** Whether a query is planned or runs. */
    #busy = false;

    /**
     * @param {Store} store
     * @param {Requests} requests
     */
    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
        store.subscribe(() => this.#plan(GATHER_MILLIS));
    }

    #plan(millis) {
        if (!this.#busy) {
            this.#busy = true;
            setTimeout(() => this.#load(), millis);
        }
    }

    async #load() {
        const userIds = this.#store.synced ? this.#store.people.wanted(Date.now()) : [];
        if (userIds.length === 0) {
            this.#busy = false;
            return;
        }
        const [kind, value] = await this.#requests.request('users', { userIds });
        const complete = kind === 'users' && value.complete === true;
        const users = kind === 'users' ? value.users ?? [] : [];
        const changed = this.#store.people.apply(userIds, users.map(userProfile), complete, Date.now());
        // The repaint notes the users again that have no profile yet.
        setTimeout(() => {
            this.#busy = false;
            changed || !complete ? this.#store.changed() : this.#plan(0);
        }, complete ? 0 : Math.max(PAUSE_MILLIS, int(value.retryAfterMs)));
    }
}
