/** Waits before connecting again: exponential, with a ceiling; the second half of each wait is random. */
const FIRST_MILLIS = 500;
const MAX_MILLIS = 30_000;

export class Backoff {
    #attempts = 0;

    reset() {
        this.#attempts = 0;
    }

    nextMillis() {
        const ceiling = Math.min(MAX_MILLIS, FIRST_MILLIS * 2 ** this.#attempts++);
        return ceiling / 2 + Math.random() * (ceiling / 2);
    }
}
