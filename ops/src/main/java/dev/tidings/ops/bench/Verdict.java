package dev.tidings.ops.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What the checker found. {@link #sent}, {@link #sequenced}, {@link #delivered}, {@link #refused} and the latencies are
 * of the measured messages; everything else is of all messages, warm-up included.
 */
final class Verdict {

    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    long sent;
    long sequenced;
    long delivered;
    long refused;

    /** Accepted or sequenced, and never seen by the partner, neither live nor in history. */
    long lost;
    /** Accepted and then forgotten, but sequenced in the end, as its sender had to send it again over a new connection. */
    long rescued;
    /** Messages at two places of the sequence or with two ids; places with two messages. */
    long duplicated;
    /** Seen live, or sequenced, before a message that should have come first. */
    long outOfOrder;
    /** Places of a conversation's sequence where nobody ever saw an event. */
    long gaps;
    /** Events and answers that nobody's message explains, or with another content than was sent. */
    long foreign;
    /** Neither sequenced nor refused by the end. */
    long unanswered;

    /** Seen live more than once. */
    long redelivered;
    /** Seen only by pulling history. */
    long recovered;
    /** Transmissions after a message's first. */
    long resent;

    /** From when a message was to be sent until its sender had the answer; nanoseconds. */
    final Histogram sendToSequenced = new Histogram(LONGEST_NANOS, 3);
    /** From when a message was to be sent until its receiver first had it, live or by pulling; nanoseconds. */
    final Histogram sendToDelivered = new Histogram(LONGEST_NANOS, 3);

    private long answeredInTime;
    private final long measuredUntilNanos;

    Verdict(long measuredUntilNanos) {
        this.measuredUntilNanos = measuredUntilNanos;
    }

    void measure(Sent message) {
        sent++;
        refused += message.refused ? 1 : 0;
        if (message.sequencedNanos != 0) {
            sequenced++;
            record(sendToSequenced, message.sequencedNanos - message.intendedNanos);
            answeredInTime += message.sequencedNanos <= measuredUntilNanos ? 1 : 0;
        }
        if (message.deliveredNanos != 0) {
            delivered++;
            record(sendToDelivered, message.deliveredNanos - message.intendedNanos);
        }
    }

    /** Measured messages that were sequenced before the window closed: divided by its length, the throughput. */
    long answeredInTime() {
        return answeredInTime;
    }

    /** Whether the system kept its promise to every message. */
    boolean isClean() {
        return lost + rescued + duplicated + outOfOrder + gaps + foreign + unanswered == 0;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }
}
