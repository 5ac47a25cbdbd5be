/**
 * Watches who is there of those the list shows: the others of its first private conversations, and the user himself, whose
 * status another device may change. A session's watching ends with it, so a new one begins anew.
 */
import { presence } from './frames.js';

/** As many as one question may name. */
const MOST = 200;
const RETRY_MILLIS = 5_000;

export class Watching {
    #store;
    #requests;
    #watched = new Set();
    /** After a failure: not before then. */
    #notBefore = 0;

    constructor(store, requests, clock) {
        this.#store = store;
        this.#requests = requests;
        store.subscribe(() => this.#look());
        clock.onTick(() => this.#look());
    }

    lost() {
        this.#watched.clear();
        this.#store.presences.clear();
        this.#notBefore = 0;
    }

    #look() {
        if (!this.#store.synced || Date.now() < this.#notBefore) {
            return;
        }
        const wanted = this.#wanted;
        const gone = [...this.#watched].filter((userId) => !wanted.has(userId));
        const come = [...wanted].filter((userId) => !this.#watched.has(userId));
        if (gone.length > 0) {
            this.#stop(gone);
        }
        if (come.length > 0) {
            this.#start(come);
        }
    }

    get #wanted() {
        const others = this.#store.listed.map((conversation) => conversation.other).filter((other) => other !== null);
        return new Set([this.#store.me, ...others].slice(0, MOST));
    }

    #start(userIds) {
        const unanswered = new Set(userIds);
        userIds.forEach((userId) => this.#watched.add(userId));
        this.#requests.send('presence', { userIds, mode: 'START' }, (kind, value) => {
            if (kind === 'presence') {
                this.#store.applyPresence(presence(value));
                unanswered.delete(value.userId);
                return unanswered.size === 0;
            }
            unanswered.forEach((userId) => this.#watched.delete(userId));
            this.#notBefore = Date.now() + RETRY_MILLIS;
            return true;
        });
    }

    #stop(userIds) {
        for (const userId of userIds) {
            this.#watched.delete(userId);
            this.#store.presences.forget(userId);
        }
        this.#requests.send('presence', { userIds, mode: 'STOP' }, () => true);
    }
}
