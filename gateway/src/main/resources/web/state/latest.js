/** A value that changes as time goes by: what was said at the greatest position counts, in whatever order it is heard. */
export class Latest {
    #at = -1;

    constructor(value) {
        this.value = value;
    }

    /** `at`: a seq or a time; what is heard again at the same one replaces. */
    offer(at, value) {
        if (at >= this.#at) {
            this.#at = at;
            this.value = value;
        }
    }

    /** Known from the answer to a wish of one's own, which carries no position. */
    set(value) {
        this.value = value;
    }
}
