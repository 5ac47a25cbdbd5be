/**
 * The pinned messages of a conversation, in any order of events: a description lists all as of its seq, and each later event changes one.
 * Without a description (private conversations have none) only the pins in loaded events are known.
 */
export class Pins {
    #described = { at: -1, seqs: /** @type {number[]} */ ([]) };
    /** Seq of the message → {at, pinned} of the newest event about it. */
    #changes = new Map();
    /** Pinned messages outside the loaded history, as they were when they were read: seq → message, or null where it is not available. */
    loaded = new Map();

    /**
     * @param {number} at the newest seq that the description knows
     * @param {number[]} seqs
     */
    applyDescription(at, seqs) {
        if (at >= this.#described.at) {
            this.#described = { at, seqs };
        }
    }

    /** The event at `at` has pinned or unpinned the message at `seq`. */
    change(at, seq, pinned) {
        if (at > (this.#changes.get(seq)?.at ?? 0)) {
            this.#changes.set(seq, { at, pinned });
        }
    }

    has(seq) {
        const change = this.#changes.get(seq);
        return change !== undefined && change.at > this.#described.at ? change.pinned : this.#described.seqs.includes(seq);
    }

    /** Ascending. */
    get seqs() {
        return [...new Set([...this.#described.seqs, ...this.#changes.keys()])].filter((seq) => this.has(seq)).sort((a, b) => a - b);
    }
}
