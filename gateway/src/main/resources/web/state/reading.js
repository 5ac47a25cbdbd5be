/** How far a conversation has been read, by this user and the other, and what is unread: pure state, joined by the greatest. */
export class Reading {
    #me;
    #known;
    #changes;
    #deleted;
    /** Single messages that the user has deleted, or that have expired, since the last sync counted them: ranges. */
    #forgotten = [];
    /** Where a large group stood when it was last followed. */
    #head = { lastSeq: 0, messageIndex: 0 };
    /** Messages up to this index do not count as unread. */
    #countedIndex = 0;

    /** `known`, `changes`, `deleted`: of the same conversation. */
    constructor(me, known, changes, deleted) {
        this.#me = me;
        this.#known = known;
        this.#changes = changes;
        this.#deleted = deleted;
        /** What the last sync (or head) said; events beyond its lastSeq came live. */
        this.base = { lastSeq: 0, readSeq: 0, unread: 0, mentions: 0 };
        /** How far this user has read, as the server knows it. */
        this.readSeq = 0;
        /** How far this page has read; on its way to the server. */
        this.claimedSeq = 0;
        /** How far the other has read, and how far messages have arrived at one of his devices. */
        this.peerReadSeq = 0;
        this.peerDeliveredSeq = 0;
        /** Newest message of one's own, and of others. */
        this.ownSeq = 0;
        this.othersSeq = 0;
        /** The user has deleted everything up to here. */
        this.deletedSeq = 0;
        /** The event with which this user came. */
        this.joinedSeq = 0;
    }

    applyView({ lastSeq, readSeq, peerReadSeq, peerDeliveredSeq, unread, unreadMentions: mentions, countedIndex }) {
        if (lastSeq >= this.base.lastSeq) {
            this.base = { lastSeq, readSeq, unread, mentions };
            this.#forgotten = [];
        }
        this.readSeq = Math.max(this.readSeq, readSeq);
        this.readByOther(peerReadSeq);
        this.deliveredToOther(peerDeliveredSeq);
        this.#countedIndex = Math.max(this.#countedIndex, countedIndex);
        this.#rebase();
    }

    /** {lastSeq, messageIndex}, beyond everything that came live. */
    applyHead(head) {
        this.#head = head;
        this.#rebase();
    }

    /** Coming to a group is as good as a sync: what was before is not missing, and not unread. */
    joined(seq) {
        this.joinedSeq = Math.max(this.joinedSeq, seq);
        if (seq > this.base.lastSeq) {
            this.base = { lastSeq: seq - 1, readSeq: seq - 1, unread: 0, mentions: 0 };
        }
    }

    /** A message, or the preview of one. */
    said({ seq, sender, messageIndex = 0 }) {
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
    }

    deliveredToOther(seq) {
        this.peerDeliveredSeq = Math.max(this.peerDeliveredSeq, seq);
    }

    /** What the view counts is without it already, unless it reaches further. */
    deletedUpTo({ from, to }) {
        this.deletedSeq = from <= 1 ? Math.max(this.deletedSeq, to) : this.deletedSeq;
    }

    /** Messages that the last sync counted are deleted, or have expired. */
    forget(range) {
        this.#forgotten.push(range);
        this.deletedUpTo(range);
    }

    /** The user has seen everything up to seq. True where the server should hear of it. */
    claim(seq) {
        const news = Math.min(seq, this.othersSeq) > Math.max(this.readSeq, this.claimedSeq);
        this.claimedSeq = Math.max(this.claimedSeq, seq);
        return news;
    }

    /** Up to where nothing is unread: writing counts as having read, and what was before one came. */
    get upTo() {
        return Math.max(this.readSeq, this.claimedSeq, this.ownSeq, this.joinedSeq, this.deletedSeq);
    }

    /** Messages of others not read yet: what the sync counted, and what came after it. */
    get unread() {
        const { base } = this;
        const counts = (message) => message.countable;
        const inView = (from) => base.unread - this.#changes.recalledLater(from, base.lastSeq, this.#me) - this.#forgottenLater(from, counts);
        return this.#unread(inView, counts);
    }

    /** Those of them that call this user by name. */
    get mentions() {
        const counts = (message) => calls(this.#me, message);
        return this.#unread((from) => this.base.mentions - this.#forgottenLater(from, counts), counts);
    }

    #forgottenLater(from, counts) {
        const isOne = (entry) => entry.kind === 'message' && entry.sender !== this.#me && !this.#changes.isRecalled(entry.seq) && counts(entry)
            && this.#forgotten.some((range) => range.from <= entry.seq && entry.seq <= range.to);
        return this.#forgotten.length === 0 ? 0 : this.#known.count(from, this.base.lastSeq, isOne);
    }

    #unread(inView, counts) {
        const { base } = this;
        const isOne = (entry) => entry.kind === 'message' && entry.sender !== this.#me && !this.#changes.isRecalled(entry.seq) && !this.#deleted.has(entry.seq) && counts(this.#changes.applied(entry));
        const from = this.upTo;
        const later = this.#known.count(Math.max(from, base.lastSeq), Infinity, isOne);
        if (from >= base.lastSeq) {
            return later;
        }
        const counted = Math.max(0, inView(Math.max(from, base.readSeq)));
        if (from <= base.readSeq || counted === 0) {
            return later + counted;
        }
        const all = this.#known.hasAll(from, base.lastSeq);
        return later + (all ? this.#known.count(from, base.lastSeq, isOne) : Math.min(counted, base.lastSeq - from));
    }

    #rebase() {
        const { lastSeq, messageIndex } = this.#head;
        if (lastSeq > this.base.lastSeq) {
            this.base = { ...this.base, lastSeq, unread: Math.max(0, messageIndex - this.#countedIndex) };
        }
    }
}

/** Whether a message mentions a user. */
export function calls(userId, { mentions }) {
    return mentions.all || mentions.userIds.includes(userId);
}
