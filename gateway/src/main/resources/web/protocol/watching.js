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
    /** By user id, what of the two was known when their presence was asked for: see `#wanted`. */
    #watched = new Map();
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
        const gone = [...this.#watched.keys()].filter((userId) => !wanted.has(userId));
        const come = [...wanted].filter(([userId, bond]) => this.#watched.get(userId) !== bond);
        if (gone.length > 0) {
            this.#stop(gone);
        }
        if (come.length > 0) {
            this.#start(come);
        }
    }

    /**
     * By user id, what presence depends on: whether the two are friends, whether the other has written, and whether the other has
     * connected at all, as what was delivered to them shows. A change of it asks again.
     */
    get #wanted() {
        const others = this.#store.listed
            .filter((conversation) => conversation.other !== null)
            .map(({ other, relation, reading }) => [other, `${relation.friends} ${reading.othersSeq > 0} ${reading.peerDeliveredSeq > 0}`]);
        return new Map([[this.#store.me, ''], ...others].slice(0, MOST));
    }

    #start(come) {
        const userIds = come.map(([userId]) => userId);
        const unanswered = new Set(userIds);
        come.forEach(([userId, bond]) => this.#watched.set(userId, bond));
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
