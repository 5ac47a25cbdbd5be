package dev.tidings.ops.bench.check;

import java.util.BitSet;

/** Records the live deliveries of one user in one conversation. Counts deliveries that are out of order or repeated. */
final class Receiver {

    private final BitSet seenLive = new BitSet();
    private long newestLiveSeq;
    private long outOfOrder;
    private long redelivered;

    /** The user knows every event up to this seq. */
    long contiguousSeq;

    /** A new connection: its live events need not follow those of the last one. */
    void connected() {
        newestLiveSeq = 0;
    }

    /** @param first whether the user has not seen the message before, live or pulled */
    void deliveredLive(SentMessage message, long seq, boolean first) {
        if (first && seq < newestLiveSeq) {
            outOfOrder++;
        }
        if (seenLive.get(message.number)) {
            redelivered++;
        }
        seenLive.set(message.number);
        newestLiveSeq = Math.max(newestLiveSeq, seq);
    }

    boolean hasSeenLive(SentMessage message) {
        return seenLive.get(message.number);
    }

    /** Messages that arrived live after one with a higher seq. */
    long outOfOrder() {
        return outOfOrder;
    }

    /** Live deliveries of a message that was delivered live before. */
    long redelivered() {
        return redelivered;
    }
}
