/** What is known of a conversation's sequence: by seq what stands there, or null where there is nothing to show. */
export class Known {
    #bySeq = new Map();
    #sorted = null;
    /** The lowest known seq. */
    first = Infinity;

    has(seq) {
        return this.#bySeq.has(seq);
    }

    /** What stands there; null or undefined where there is nothing, or nothing known. */
    get(seq) {
        return this.#bySeq.get(seq);
    }

    put(seq, entry) {
        this.#bySeq.set(seq, entry);
        this.#sorted = null;
        this.first = Math.min(this.first, seq);
    }

    /** What there is to show, ascending by seq. */
    get entries() {
        this.#sorted ??= [...this.#bySeq.values()].filter((e) => e !== null).sort((a, b) => a.seq - b.seq);
        return this.#sorted;
    }

    /** Whether all of (after, to] is known. */
    hasAll(after, to) {
        for (let seq = to; seq > after; seq--) {
            if (!this.#bySeq.has(seq)) {
                return false;
            }
        }
        return true;
    }

    /** How many entries in (after, to] are of a sort. */
    count(after, to, isOfSort) {
        return this.entries.filter((entry) => entry.seq > after && entry.seq <= to && isOfSort(entry)).length;
    }

    /** The newest unknown range within both ends, or null. */
    gap(floor, newest) {
        let to = newest;
        while (to >= floor && this.#bySeq.has(to)) {
            to--;
        }
        if (to < floor) {
            return null;
        }
        let from = to;
        while (from > floor && !this.#bySeq.has(from - 1)) {
            from--;
        }
        return { from, to };
    }
}
