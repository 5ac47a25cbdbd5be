/**
 * Subscribes to the presence of the users in the list: the others of its first private conversations, and the user themselves,
 * whose status another device may change. The subscriptions end with the session.
 */
import { presence } from './frames.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */

/** The server's limit of one query. */
const MAX_USERS = 200;
const RETRY_MILLIS = 5_000;

export class PresenceSubscriptions {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** User id → what their visibility depended on when the page subscribed: see `#wanted`. */
    #subscribed = new Map();
    /** After a failure, waits until then; in milliseconds. */
    #notBefore = 0;

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     */
    constructor(store, requests, clock) {
        this.#store = store;
        this.#requests = requests;
        store.subscribe(() => this.#update());
        clock.onTick(() => this.#update());
    }

    disconnected() {
        this.#subscribed.clear();
        this.#store.presences.clear();
        this.#notBefore = 0;
    }

    #update() {
        if (!this.#store.synced || Date.now() < this.#notBefore) {
            return;
        }
        const wanted = this.#wanted;
        const removed = [...this.#subscribed.keys()].filter((userId) => !wanted.has(userId));
        const added = [...wanted].filter(([userId, basis]) => this.#subscribed.get(userId) !== basis);
        if (removed.length > 0) {
            this.#stop(removed);
        }
        if (added.length > 0) {
            this.#start(added);
        }
    }

    /**
     * By user id, what the visibility of their presence depends on: whether the two are friends, whether the other has written,
     * and whether the other has ever connected (a delivery shows it). The page subscribes again when one of them changes.
     */
    get #wanted() {
        const others = this.#store.listed
            .filter((conversation) => conversation.other !== null)
            .map(({ other, relation, readState }) => [other, `${relation?.friends} ${readState.othersSeq > 0} ${readState.peerDeliveredSeq > 0}`]);
        return new Map(/** @type {[string, string][]} */ ([[this.#store.me, ''], ...others].slice(0, MAX_USERS)));
    }

    #start(added) {
        const userIds = added.map(([userId]) => userId);
        const unanswered = new Set(userIds);
        added.forEach(([userId, basis]) => this.#subscribed.set(userId, basis));
        this.#requests.send('presence', { userIds, mode: 'START' }, (kind, value) => {
            if (kind === 'presence') {
                this.#store.applyPresence(presence(value));
                unanswered.delete(value.userId);
                return unanswered.size === 0;
            }
            unanswered.forEach((userId) => this.#subscribed.delete(userId));
            this.#notBefore = Date.now() + RETRY_MILLIS;
            return true;
        });
    }

    #stop(userIds) {
        for (const userId of userIds) {
            this.#subscribed.delete(userId);
            this.#store.presences.forget(userId);
        }
        this.#requests.send('presence', { userIds, mode: 'STOP' }, () => true);
    }
}
