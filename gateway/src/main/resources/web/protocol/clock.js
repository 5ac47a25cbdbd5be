/** Calls its listeners about once a second, in hidden tabs, too, so that heartbeats continue. */
export class Clock {
    #listeners = new Set();
    /** @type {Worker | null} */
    #worker = null;
    #timer = /** @type {any} */ (null);

    start() {
        const tick = () => this.#listeners.forEach((listener) => listener());
        try {
            this.#worker = new Worker(new URL('tick-worker.js', import.meta.url));
            this.#worker.onmessage = tick;
        } catch {
            this.#timer = setInterval(tick, 1000);
        }
    }

    stop() {
        this.#worker?.terminate();
        clearInterval(this.#timer);
        this.#listeners.clear();
    }

    onTick(listener) {
        this.#listeners.add(listener);
    }
}
