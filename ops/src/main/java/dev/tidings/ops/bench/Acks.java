package dev.tidings.ops.bench;

import java.util.TreeSet;

/** Which delivery numbers of a session have arrived, and when it is time to acknowledge them. Not thread-safe. */
final class Acks {

    /** So many frames make an acknowledgement worth its frame. */
    static final int BATCH_FRAMES = 50;

    private final TreeSet<Long> ahead = new TreeSet<>();
    private long upTo;
    private long acknowledged;

    /** Returns whether a batch is full. */
    boolean arrived(long deliverySeq) {
        if (deliverySeq == upTo + 1) {
            upTo = deliverySeq;
            while (!ahead.isEmpty() && ahead.first() == upTo + 1) {
                upTo = ahead.removeFirst();
            }
        } else if (deliverySeq > upTo) {
            ahead.add(deliverySeq);
        } else {
            // Sent again, so the acknowledgement may have been lost.
            acknowledged = Math.min(acknowledged, deliverySeq - 1);
        }
        return upTo - acknowledged >= BATCH_FRAMES;
    }

    boolean isDue() {
        return upTo > acknowledged;
    }

    /** The number to acknowledge now, everything below it included. */
    long take() {
        acknowledged = upTo;
        return upTo;
    }
}
