/** Who is there, of those that are watched: what was heard last counts. */
export class Presences {
    /** User id → {online, lastSeenAt (ms; 0: never, or online), status}. */
    #known = new Map();

    /** Null where it is not known. */
    of(userId) {
        return this.#known.get(userId) ?? null;
    }

    apply({ userId, online, lastSeenAt, status }) {
        this.#known.set(userId, { online, lastSeenAt, status });
    }

    forget(userId) {
        this.#known.delete(userId);
    }

    /** Nobody tells of changes any more. */
    clear() {
        this.#known.clear();
    }
}
