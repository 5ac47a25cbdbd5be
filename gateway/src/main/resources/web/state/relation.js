/**
 * The relation of the two users of a private conversation, as this user sees it: friendship, requests, a block. Some of its
 * events have no seq, so the newest time wins.
 */
import { Latest } from './latest.js';

export class Relation {
    #me;
    #friends = new Latest(false);
    /** The request that is not answered yet, or null. */
    #request = new Latest(/** @type {{by: string, note: string} | null} */ (null));
    #blocked = new Latest(false);

    constructor(me) {
        this.#me = me;
    }

    get friends() {
        return this.#friends.value;
    }

    /** Whether this user has asked the other to be friends. */
    get requested() {
        return this.#request.value?.by === this.#me;
    }

    /** The note of the other user's friend request; null where there is none. */
    get received() {
        const request = this.#request.value;
        return request === null || request.by === this.#me ? null : request.note;
    }

    /** Whether this user has blocked the other. */
    get blocked() {
        return this.#blocked.value;
    }

    /**
     * @param {number} at in milliseconds
     * @param {import('./types.js').RelationView} view
     * @param {string} other
     */
    applyView(at, view, other) {
        this.#friends.offer(at, view.friends);
        const request = view.requested ? { by: this.#me, note: '' } : { by: other, note: view.requestNote };
        this.#request.offer(at, view.requested || view.requestReceived ? request : null);
        this.#blocked.offer(at, view.blocked);
    }

    /**
     * @param {number} at in milliseconds
     * @param {import('./types.js').Notice} notice
     */
    apply(at, notice) {
        switch (notice.name) {
            case 'friendRequested':
                this.#request.offer(at, { by: notice.by, note: notice.note });
                break;
            case 'friendAccepted':
                this.#request.offer(at, null);
                this.#friends.offer(at, true);
                break;
            case 'friendDeclined':
                this.#request.offer(at, null);
                break;
            case 'friendRemoved':
                this.#friends.offer(at, false);
                break;
            case 'blockChanged':
                this.#blocked.offer(at, notice.blocked);
                break;
        }
    }

    /** Applies a command of this page that is answered without an event: `decline`, `block` or `unblock`. */
    applyOwn(command) {
        if (command === 'decline') {
            this.#request.set(null);
        } else if (command === 'block' || command === 'unblock') {
            this.#blocked.set(command === 'block');
        }
    }
}
