/** The users who are typing in a conversation. Pure: the time comes in. A typing client says so every three seconds. */
const TYPING_MILLIS = 6_000;

export class Typing {
    /** User id → when the notice expires, in milliseconds. */
    #until = new Map();

    /** Takes a typing notice that arrived at `now`. */
    started(userId, now) {
        this.#until.set(userId, now + TYPING_MILLIS);
    }

    /** The user's message has arrived. */
    ended(userId) {
        this.#until.delete(userId);
    }

    /** Removes expired notices. Returns whether there were any. */
    expire(now) {
        const expired = [...this.#until].filter(([, until]) => until <= now);
        expired.forEach(([userId]) => this.#until.delete(userId));
        return expired.length > 0;
    }

    /** In the order in which the users started. */
    get userIds() {
        return [...this.#until.keys()];
    }
}
