/** How long to wait before the next attempt: doubling up to a ceiling, one half of it by chance. */
const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 30_000;

export class Backoff {
    #attempts = 0;

    reset() {
        this.#attempts = 0;
    }

    nextMillis() {
        const ceiling = Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** this.#attempts++);
        return ceiling / 2 + Math.random() * (ceiling / 2);
    }
}
