/**
 * How far the two sides have read a conversation, and how many messages are unread. Pure state: the greatest seq wins.
 */

/** @typedef {import('./known-events.js').KnownEvents} KnownEvents */
/** @typedef {import('./message-changes.js').MessageChanges} MessageChanges */
/** @typedef {import('./ranges.js').Ranges} Ranges */

export class ReadState {
    /** @type {string} */
    #me;
    /** @type {KnownEvents} */
    #known;
    /** @type {MessageChanges} */
    #changes;
    /** @type {Ranges} */
    #deleted;
    /**
     * Messages that were deleted, or expired, since the last sync counted them.
     *
     * @type {import('./types.js').Range[]}
     */
    #excluded = [];
    /** Position of a large group when the page last followed it. */
    #head = { lastSeq: 0, messageIndex: 0 };
    /** Messages up to this index do not count as unread. */
    #countedIndex = 0;

    /**
     * @param {string} me
     * @param {KnownEvents} known of the same conversation, as the other two
     * @param {MessageChanges} changes
     * @param {Ranges} deleted
     */
    constructor(me, known, changes, deleted) {
        this.#me = me;
        this.#known = known;
        this.#changes = changes;
        this.#deleted = deleted;
        /** The counts of the last sync (or head), and when the page took them; events beyond its lastSeq arrived live. */
        this.base = { lastSeq: 0, readSeq: 0, unread: 0, mentions: 0, at: 0 };
        /** How far this user has read, as the server knows it. */
        this.readSeq = 0;
        /** How far the user has read on this page, which the server may not know yet. */
        this.localReadSeq = 0;
        /** How far the other user has read, and how far messages have reached one of their devices. */
        this.peerReadSeq = 0;
        this.peerDeliveredSeq = 0;
        /** The newest message of this user, and of others. */
        this.ownSeq = 0;
        this.othersSeq = 0;
        /** The user has deleted everything up to here. */
        this.deletedSeq = 0;
        /** The event with which this user joined. */
        this.joinedSeq = 0;
    }

    /**
     * @param {import('./types.js').View} view
     * @param {number} now in milliseconds
     */
    applyView({ lastSeq, readSeq, peerReadSeq, peerDeliveredSeq, unread, unreadMentions: mentions, countedIndex }, now) {
        if (lastSeq >= this.base.lastSeq) {
            this.base = { lastSeq, readSeq, unread, mentions, at: now };
            this.#excluded = [];
        }
        this.readSeq = Math.max(this.readSeq, readSeq);
        this.readByOther(peerReadSeq);
        this.deliveredToOther(peerDeliveredSeq);
        this.#countedIndex = Math.max(this.#countedIndex, countedIndex);
        this.#rebase();
    }

    /** Takes {lastSeq, messageIndex} of a large group, beyond everything that arrived live. */
    applyHead(head) {
        this.#head = head;
        this.#rebase();
    }

    /** Joining a group counts as a sync: earlier events are neither missing nor unread. */
    joined(seq) {
        this.joinedSeq = Math.max(this.joinedSeq, seq);
        if (seq > this.base.lastSeq) {
            this.base = { ...this.base, lastSeq: seq - 1, readSeq: seq - 1, unread: 0, mentions: 0 };
        }
    }

    /** Counts the unread messages up to a seq as a sync does, so that the page may drop their events. */
    countUpTo(seq, now) {
        if (seq > this.base.lastSeq) {
            const [unread, mentions] = [this.#unreadUpTo(seq), this.#mentionsUpTo(seq)];
            this.base = { lastSeq: seq, readSeq: Math.min(seq, this.readUpTo), unread, mentions, at: now };
            this.#excluded = [];
        }
    }

    /** Takes a message, or the preview of one. */
    addMessage({ seq, sender, messageIndex = 0 }) {
        if (sender === this.#me) {
            this.ownSeq = Math.max(this.ownSeq, seq);
            this.#countedIndex = Math.max(this.#countedIndex, messageIndex);
        } else {
            this.othersSeq = Math.max(this.othersSeq, seq);
        }
    }

    readByMe(seq, index = 0) {
        this.readSeq = Math.max(this.readSeq, seq);
        this.#countedIndex = Math.max(this.#countedIndex, index);
    }

    readByOther(seq) {
        this.peerReadSeq = Math.max(this.peerReadSeq, seq);
        this.deliveredToOther(seq);
    }

    deliveredToOther(seq) {
        this.peerDeliveredSeq = Math.max(this.peerDeliveredSeq, seq);
    }

    /** Takes a range that the user has deleted, and that the counts of the sync leave out. */
    deletedUpTo({ from, to }) {
        this.deletedSeq = from <= 1 ? Math.max(this.deletedSeq, to) : this.deletedSeq;
    }

    /** Takes a range of messages that were deleted, or expired, after the sync counted them. */
    exclude(range) {
        this.#excluded.push(range);
        this.deletedUpTo(range);
    }

    /** The user has read everything up to seq on this page. Returns whether the server has to be told. */
    markRead(seq) {
        const isNew = Math.min(seq, this.othersSeq) > Math.max(this.readSeq, this.localReadSeq);
        this.localReadSeq = Math.max(this.localReadSeq, seq);
        return isNew;
    }

    /** Nothing up to this seq is unread: sending a message reads all before it, and joining does, too. */
    get readUpTo() {
        return Math.max(this.readSeq, this.localReadSeq, this.ownSeq, this.joinedSeq, this.deletedSeq);
    }

    /** The number of unread messages of others: those that the sync counted, and those after it. */
    get unread() {
        return this.#unreadUpTo(Infinity);
    }

    /** The number of unread messages that mention this user. */
    get mentions() {
        return this.#mentionsUpTo(Infinity);
    }

    #unreadUpTo(seq) {
        const { base } = this;
        const counts = (message) => message.countable;
        const inView = (from) => base.unread - this.#changes.recalledLater(from, base.lastSeq, this.#me) - this.#excludedLater(from, counts);
        return this.#unread(inView, counts, seq);
    }

    #mentionsUpTo(seq) {
        const counts = (message) => mentionsUser(this.#me, message);
        return this.#unread((from) => this.base.mentions - this.#excludedLater(from, counts), counts, seq);
    }

    #excludedLater(from, counts) {
        const matches = (entry) => entry.kind === 'message' && entry.sender !== this.#me && !this.#changes.isRecalled(entry.seq) && counts(entry)
            && this.#excluded.some((range) => range.from <= entry.seq && entry.seq <= range.to);
        return this.#excluded.length === 0 ? 0 : this.#known.count(from, this.base.lastSeq, matches);
    }

    #unread(inView, counts, upTo) {
        const { base } = this;
        const matches = (entry) => entry.kind === 'message' && entry.sender !== this.#me && !this.#changes.isRecalled(entry.seq) && !this.#deleted.has(entry.seq) && counts(this.#changes.applyTo(entry));
        const from = this.readUpTo;
        const later = this.#known.count(Math.max(from, base.lastSeq), upTo, matches);
        if (from >= base.lastSeq) {
            return later;
        }
        const counted = Math.max(0, inView(Math.max(from, base.readSeq)));
        if (from <= base.readSeq || counted === 0) {
            return later + counted;
        }
        const all = this.#known.hasAll(from, base.lastSeq);
        return later + (all ? this.#known.count(from, base.lastSeq, matches) : Math.min(counted, base.lastSeq - from));
    }

    #rebase() {
        const { lastSeq, messageIndex } = this.#head;
        if (lastSeq > this.base.lastSeq) {
            this.base = { ...this.base, lastSeq, unread: Math.max(0, messageIndex - this.#countedIndex) };
        }
    }
}

/** Whether a message mentions a user. */
export function mentionsUser(userId, { mentions }) {
    return mentions.all || mentions.userIds.includes(userId);
}
