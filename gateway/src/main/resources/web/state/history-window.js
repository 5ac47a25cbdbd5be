/**
 * The part of a conversation that the chat shows: up to the newest event, or the surroundings of a message. It grows where the user
 * scrolls to, and shrinks at its other end, so the page never draws a whole conversation. Pure.
 *
 *   seq:   1 ......... from ........ to ......... lastSeq
 *                        |  shown  |
 */
const PAGE = 50;
/** The rows that the page draws at the same time; about ten screens. */
export const MAX_ROWS = 400;
/** A message that is nearer to the newest one is shown together with everything after it. */
const NEAR_NEWEST = 200;

export class HistoryWindow {
    /** The first seq; Infinity until the conversation is opened. */
    from = Infinity;
    /** The last seq; Infinity: up to the newest event, also when later ones arrive. */
    to = Infinity;
    /** Whether the older end has grown last: then the newer end shrinks. */
    #growsOlder = true;

    /** Whether the window reaches the newest event. */
    get isNewest() {
        return this.to === Infinity;
    }

    has(seq) {
        return this.from <= seq && seq <= this.to;
    }

    /** Shows everything from a seq up to the newest event. */
    showNewest(from) {
        this.from = Math.max(1, from);
        this.to = Infinity;
        this.#growsOlder = true;
    }

    /** Shows everything from this seq on, unless the window is elsewhere or starts earlier. */
    include(from) {
        if (this.isNewest) {
            this.from = Math.max(1, Math.min(this.from, from));
        }
    }

    /** Shows a message and its surroundings. */
    showAround(seq, lastSeq) {
        if (this.has(seq)) {
            return;
        }
        if (lastSeq - seq <= NEAR_NEWEST) {
            this.showNewest(seq - PAGE / 2);
            return;
        }
        this.from = Math.max(1, seq - PAGE / 2);
        this.to = seq + PAGE / 2;
        this.#growsOlder = true;
    }

    growOlder() {
        this.from = Math.max(1, this.from - PAGE);
        this.#growsOlder = true;
    }

    growNewer(lastSeq) {
        this.#growsOlder = false;
        this.to += PAGE;
        if (this.to >= lastSeq) {
            this.showNewest(this.from);
        }
    }

    /**
     * Shrinks the window to the rows that the page may draw.
     *
     * @param {{seq: number}[]} entries in the window, ascending
     * @param {boolean} atBottom whether the user sees the last one
     */
    limit(entries, atBottom) {
        if (entries.length <= MAX_ROWS) {
            return;
        }
        if (this.#growsOlder && !atBottom) {
            this.to = entries[MAX_ROWS - 1].seq;
        } else {
            this.from = entries[entries.length - MAX_ROWS].seq;
        }
    }
}
