/** A set of seqs, kept as ranges with both ends included. */
export class Ranges {
    /** @type {import('./types.js').Range[]} */
    #ranges = [];

    /** Adds a range. Returns whether it was new. */
    add({ from, to }) {
        if (this.#ranges.some((range) => range.from <= from && to <= range.to)) {
            return false;
        }
        this.#ranges.push({ from, to });
        return true;
    }

    has(seq) {
        return this.#ranges.some((range) => range.from <= seq && seq <= range.to);
    }
}
