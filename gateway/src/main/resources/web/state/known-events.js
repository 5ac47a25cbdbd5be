/** The events of a conversation that this page knows: by seq the message or notice, or null where there is nothing to show. */
export class KnownEvents {
    #bySeq = new Map();
    /** @type {any[] | null} */
    #sorted = null;
    /** The lowest known seq. */
    first = Infinity;

    has(seq) {
        return this.#bySeq.has(seq);
    }

    get size() {
        return this.#bySeq.size;
    }

    /** The seq of the nth newest known event. */
    newestSeq(n) {
        return [...this.#bySeq.keys()].sort((a, b) => b - a)[n - 1];
    }

    /** Drops all events up to a seq. */
    forget(upTo) {
        [...this.#bySeq.keys()].filter((seq) => seq <= upTo).forEach((seq) => this.#bySeq.delete(seq));
        this.#sorted = null;
        this.first = Math.min(Infinity, ...this.#bySeq.keys());
    }

    /** The entry at a seq; null where there is nothing to show, undefined where the seq is unknown. */
    get(seq) {
        return this.#bySeq.get(seq);
    }

    put(seq, entry) {
        this.#bySeq.set(seq, entry);
        this.#sorted = null;
        this.first = Math.min(this.first, seq);
    }

    /** Messages and notices, ascending by seq. */
    get entries() {
        this.#sorted ??= [...this.#bySeq.values()].filter((e) => e !== null).sort((a, b) => a.seq - b.seq);
        return this.#sorted;
    }

    /** Whether every seq in (after, to] is known. */
    hasAll(after, to) {
        for (let seq = to; seq > after; seq--) {
            if (!this.#bySeq.has(seq)) {
                return false;
            }
        }
        return true;
    }

    /** Counts the entries in (after, to] that match. */
    count(after, to, matches) {
        return this.entries.filter((entry) => entry.seq > after && entry.seq <= to && matches(entry)).length;
    }

    /**
     * Finds the newest unknown range in [floor, newest].
     *
     * @returns {import('./types.js').Range | null}
     */
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
