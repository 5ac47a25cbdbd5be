/**
 * A value of which the latest version wins, in whatever order versions arrive.
 *
 * @template T
 */
export class Latest {
    #at = -1;

    /** @param {T} value the value before any version is known */
    constructor(value) {
        /** @type {T} */
        this.value = value;
    }

    /**
     * Takes the value unless a later one is known; the same position again replaces.
     *
     * @param {number} at a seq, a version or a time
     * @param {T} value
     */
    offer(at, value) {
        if (at >= this.#at) {
            this.#at = at;
            this.value = value;
        }
    }

    /**
     * Takes a value that carries no position: the answer to a command of this page.
     *
     * @param {T} value
     */
    set(value) {
        this.value = value;
    }
}
