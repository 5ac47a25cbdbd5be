package dev.tidings.ops.verify;

/** The events of one conversation in the compared part of the log: range, number, and sum of hashes. Not thread-safe. */
final class ConversationTally {

    private long firstSeq;
    private long lastSeq;
    private long events;
    private long messages;
    private long hashSum;
    private long newestSeq;

    ConversationTally(long firstSeq) {
        this.firstSeq = firstSeq;
        this.lastSeq = firstSeq - 1;
    }

    void add(long seq, long hash, boolean isMessage) {
        lastSeq = seq;
        newestSeq = seq;
        events++;
        hashSum += hash;
        if (isMessage) {
            messages++;
        }
    }

    /** Notes an event that the stores need not have any more. The compared range begins after it. */
    void skip(long seq) {
        firstSeq = seq + 1;
        lastSeq = seq;
        newestSeq = seq;
    }

    /** Notes an event after the compared part of the log. */
    void addLater(long seq) {
        newestSeq = Math.max(newestSeq, seq);
    }

    /** The first seq that is compared. */
    long firstSeq() {
        return firstSeq;
    }

    /** The last seq of the compared part. */
    long lastSeq() {
        return lastSeq;
    }

    /** The last seq of the whole log. */
    long newestSeq() {
        return newestSeq;
    }

    long events() {
        return events;
    }

    long messages() {
        return messages;
    }

    /** The sum of the hashes of all events, modulo 2^64. */
    long hashSum() {
        return hashSum;
    }

    EventRange range(String conversationId) {
        return new EventRange(conversationId, firstSeq, lastSeq);
    }
}
