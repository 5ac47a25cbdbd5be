/** A set of seqs, as ranges {from, to} with both ends included: what a user has deleted for himself. */
export class Ranges {
    #ranges = [];

    /** True where it was new. */
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
