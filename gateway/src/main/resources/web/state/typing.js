/** Who is writing in a conversation right now: pure, the time comes in. It is heard of every three seconds, as long as it goes on. */
const LASTS_MILLIS = 6_000;

export class Typing {
    /** User id → when it is over, unless it is heard of again. */
    #until = new Map();

    heard(userId, now) {
        this.#until.set(userId, now + LASTS_MILLIS);
    }

    /** What was being written has come. */
    ended(userId) {
        this.#until.delete(userId);
    }

    /** True where somebody is no longer writing. */
    fade(now) {
        const over = [...this.#until].filter(([, until]) => until <= now);
        over.forEach(([userId]) => this.#until.delete(userId));
        return over.length > 0;
    }

    /** In the order in which they began. */
    get userIds() {
        return [...this.#until.keys()];
    }
}
