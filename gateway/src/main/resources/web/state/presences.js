/** The presence of the users that this page watches: the newest notice of each. */
export class Presences {
    /** User id → {online, lastSeenAt (ms; 0: never, or online), status}. */
    #byUser = new Map();

    /** The presence of a user, or null where it is unknown. */
    of(userId) {
        return this.#byUser.get(userId) ?? null;
    }

    /** @param {import('./types.js').Presence} presence */
    apply({ userId, online, lastSeenAt, status }) {
        this.#byUser.set(userId, { online, lastSeenAt, status });
    }

    forget(userId) {
        this.#byUser.delete(userId);
    }

    /** Forgets all: without a connection, no changes arrive. */
    clear() {
        this.#byUser.clear();
    }
}
