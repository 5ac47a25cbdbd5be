/**
 * One conversation as this page knows it: pure state, no clock and no network.
 *
 * Everything is a join (greatest wins, or keyed by seq), so events and views may come twice and in any order.
 *
 *   seq:      1 ......... wantedFrom ......... base.lastSeq ......... lastSeq
 *             not asked for   |    filled from history    |   came live   |
 */
import { describe } from './conversation-id.js';

const PAGE = 50;
/** How far back opening goes to show the first unread message. */
const MAX_UNREAD_SHOWN = 200;

export class Conversation {
    /** seq → message, or null for a seq that holds nothing to show. */
    #bySeq = new Map();
    #sorted = null;
    #firstKnown = Infinity;

    constructor(id, me) {
        this.id = id;
        this.me = me;
        const named = describe(id, me);
        this.kind = named?.kind ?? 'unknown';
        this.name = named?.name ?? id;
        /** Newest seq there is, known or not. */
        this.lastSeq = 0;
        /** What the last sync said; events beyond its lastSeq came live. */
        this.base = { lastSeq: 0, readSeq: 0, unread: 0 };
        /** How far this user has read, as the server knows it. */
        this.readSeq = 0;
        /** How far this page has read; on its way to the server. */
        this.claimedSeq = 0;
        /** How far the other has read. */
        this.peerReadSeq = 0;
        /** Newest message of one's own, and of others. */
        this.ownSeq = 0;
        this.othersSeq = 0;
        /** Newest message: {seq, sender, sentAt, text}, or null. */
        this.preview = null;
        this.updatedAt = 0;
        /** From here on history is wanted. */
        this.wantedFrom = Infinity;
        /** Why history cannot be had, or null. */
        this.historyProblem = null;
    }

    applyView(view) {
        if (view.lastSeq >= this.base.lastSeq) {
            this.base = { lastSeq: view.lastSeq, readSeq: view.readSeq, unread: view.unread };
        }
        this.lastSeq = Math.max(this.lastSeq, view.lastSeq);
        this.readSeq = Math.max(this.readSeq, view.readSeq);
        this.peerReadSeq = Math.max(this.peerReadSeq, view.peerReadSeq);
        this.updatedAt = Math.max(this.updatedAt, view.updatedAt);
        if (view.lastMessage !== null) {
            this.#foldNewest(view.lastMessage);
        }
    }

    /** True where it was new. */
    applyMessage(message) {
        if (this.#bySeq.has(message.seq)) {
            return false;
        }
        this.#put(message.seq, message);
        this.#foldNewest(message);
        return true;
    }

    /** A seq with nothing to show: an event of a kind this page does not know, or one that history does not keep. */
    applyNothingAt(seq) {
        if (!this.#bySeq.has(seq)) {
            this.#put(seq, null);
        }
    }

    applyRead(userId, readSeq) {
        if (userId === this.me) {
            this.readSeq = Math.max(this.readSeq, readSeq);
        } else if (this.kind === 'private') {
            this.peerReadSeq = Math.max(this.peerReadSeq, readSeq);
        }
    }

    /** The user has seen everything up to seq. True where the server should hear of it. */
    claimRead(seq) {
        const news = Math.min(seq, this.othersSeq) > Math.max(this.readSeq, this.claimedSeq);
        this.claimedSeq = Math.max(this.claimedSeq, seq);
        return news;
    }

    /** Up to where nothing is unread: writing counts as having read. */
    get readUpTo() {
        return Math.max(this.readSeq, this.claimedSeq, this.ownSeq);
    }

    /** Messages of others not read yet: what the sync counted, and what came after it. */
    get unread() {
        const from = this.readUpTo;
        return this.#unreadInView(from) + this.#countOthers(Math.max(from, this.base.lastSeq), this.lastSeq);
    }

    /** Whether a message may be shown already. */
    knows(seq) {
        return this.#bySeq.has(seq);
    }

    /** Known messages, ascending by seq. */
    get messages() {
        this.#sorted ??= [...this.#bySeq.values()].filter((m) => m !== null).sort((a, b) => a.seq - b.seq);
        return this.#sorted;
    }

    /** Asks for the newest page, and back to the first unread message if that is not too far. */
    open() {
        if (this.lastSeq === 0) {
            return;
        }
        const newestPage = this.lastSeq - PAGE + 1;
        const unreadFrom = this.unread > 0 && this.unread <= MAX_UNREAD_SHOWN ? this.readUpTo - 5 : Infinity;
        const tooFar = this.lastSeq - MAX_UNREAD_SHOWN;
        this.wantedFrom = Math.max(1, Math.min(this.wantedFrom, newestPage, Math.max(unreadFrom, tooFar)));
    }

    /** Asks for one page more. False where there is none. */
    wantOlder() {
        if (this.atBeginning) {
            return false;
        }
        this.wantedFrom = Math.max(1, this.floor - PAGE);
        return true;
    }

    /** The lowest seq that should be known. */
    get floor() {
        return Math.min(this.wantedFrom, this.base.lastSeq + 1);
    }

    get atBeginning() {
        return this.floor <= 1;
    }

    /** The newest range that is wanted and not known, or null. `live`: between known events, so it may be on its way. */
    missing() {
        const floor = this.floor;
        let to = this.lastSeq;
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
        return { from, to, live: from > this.base.lastSeq || this.#firstKnown < from };
    }

    #put(seq, message) {
        this.#bySeq.set(seq, message);
        this.#sorted = null;
        this.#firstKnown = Math.min(this.#firstKnown, seq);
        this.lastSeq = Math.max(this.lastSeq, seq);
    }

    #foldNewest(message) {
        if (message.sender === this.me) {
            this.ownSeq = Math.max(this.ownSeq, message.seq);
        } else {
            this.othersSeq = Math.max(this.othersSeq, message.seq);
        }
        if (this.preview === null || message.seq > this.preview.seq) {
            this.preview = { seq: message.seq, sender: message.sender, sentAt: message.sentAt, text: message.text };
        }
    }

    #unreadInView(from) {
        const { lastSeq, readSeq, unread } = this.base;
        if (from >= lastSeq) {
            return 0;
        }
        if (from <= readSeq || unread === 0) {
            return unread;
        }
        return this.#allKnown(from, lastSeq) ? this.#countOthers(from, lastSeq) : Math.min(unread, lastSeq - from);
    }

    #allKnown(after, to) {
        for (let seq = to; seq > after; seq--) {
            if (!this.#bySeq.has(seq)) {
                return false;
            }
        }
        return true;
    }

    #countOthers(after, to) {
        let count = 0;
        for (let seq = to; seq > after; seq--) {
            const message = this.#bySeq.get(seq);
            if (message && message.sender !== this.me) {
                count++;
            }
        }
        return count;
    }
}
