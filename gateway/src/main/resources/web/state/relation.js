/**
 * What the two users of a private conversation are to each other, as this one sees it. Some of it lies outside the
 * sequence, so what is newest goes by time.
 */
import { Latest } from './latest.js';

export class Relation {
    #me;
    #friends = new Latest(false);
    /** {by, note} of a request that is not answered yet, or null. */
    #request = new Latest(null);
    #blocked = new Latest(false);

    constructor(me) {
        this.#me = me;
    }

    get friends() {
        return this.#friends.value;
    }

    /** This user has asked the other. */
    get requested() {
        return this.#request.value?.by === this.#me;
    }

    /** The note with which the other has asked; null where he has not. */
    get received() {
        const request = this.#request.value;
        return request === null || request.by === this.#me ? null : request.note;
    }

    /** This user has blocked the other. */
    get blocked() {
        return this.#blocked.value;
    }

    applyView(at, view, other) {
        this.#friends.offer(at, view.friends);
        const request = view.requested ? { by: this.#me, note: '' } : { by: other, note: view.requestNote };
        this.#request.offer(at, view.requested || view.requestReceived ? request : null);
        this.#blocked.offer(at, view.blocked);
    }

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

    /** The answer to a wish that only this user hears of: `decline`, `block` or `unblock`. */
    applyOwn(wish) {
        if (wish === 'decline') {
            this.#request.set(null);
        } else if (wish === 'block' || wish === 'unblock') {
            this.#blocked.set(wish === 'block');
        }
    }
}
