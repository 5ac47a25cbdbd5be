package dev.tidings.ops.bench.client;

import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Acknowledges the deliveries of one session: after {@value #BATCH_FRAMES} frames, or 100 ms after the last acknowledgement.
 * Not thread-safe: guarded by its client.
 */
final class Acknowledgements {

    /** A batch of so many frames is acknowledged at once. */
    static final int BATCH_FRAMES = 50;

    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Delivery seqs that arrived before one below them. */
    private final TreeSet<Long> ahead = new TreeSet<>();

    private long contiguous;
    private long acknowledged;
    private long nextNanos = Long.MIN_VALUE;

    /** Records a delivery. Returns whether a batch is full. */
    boolean arrived(long deliverySeq) {
        if (deliverySeq == contiguous + 1) {
            contiguous = deliverySeq;
            while (!ahead.isEmpty() && ahead.first() == contiguous + 1) {
                contiguous = ahead.removeFirst();
            }
        } else if (deliverySeq > contiguous) {
            ahead.add(deliverySeq);
        } else {
            // a redelivery: the acknowledgement may have been lost
            acknowledged = Math.min(acknowledged, deliverySeq - 1);
        }
        return contiguous - acknowledged >= BATCH_FRAMES;
    }

    /** Whether a delivery waits for its acknowledgement. */
    boolean isDue() {
        return contiguous > acknowledged;
    }

    /** Whether a delivery waits for its acknowledgement, and the delay is over. */
    boolean isDue(long nowNanos) {
        return isDue() && (nextNanos == Long.MIN_VALUE || nowNanos - nextNanos >= 0);
    }

    /** Returns the frame that acknowledges everything that arrived without a gap. */
    ClientFrame.Builder take(long nowNanos) {
        nextNanos = nowNanos + DELAY_NANOS;
        acknowledged = contiguous;
        return ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(contiguous));
    }
}
