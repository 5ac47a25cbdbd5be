package dev.tidings.ops.bench;

import java.util.ArrayList;
import java.util.List;
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
    /** Each message counts once for each receiver who saw it. */
    long delivered;
    /** Messages that all their receivers saw. */
    long deliveredToAll;

    long refused;

    /** Accepted or sequenced, and never seen by a receiver, neither live nor in history; counts for each receiver. */
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

    /** Seen live more than once by the same receiver. */
    long redelivered;
    /** Seen only by pulling history. */
    long recovered;
    /** Transmissions after a message's first. */
    long resent;

    /** From when a message was to be sent until its sender had the answer; nanoseconds. */
    final Histogram sendToSequenced = new Histogram(LONGEST_NANOS, 3);
    /** From when a message was to be sent until a receiver first had it, live or by pulling; nanoseconds. */
    final Histogram sendToDelivered = new Histogram(LONGEST_NANOS, 3);
    /** The same until the last of its receivers had it. */
    final Histogram sendToAll = new Histogram(LONGEST_NANOS, 3);

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
        measureReceivers(message);
    }

    private void measureReceivers(Sent message) {
        long longest = 0;
        for (int user = 0; user < message.seenNanos.length; user++) {
            if (user != message.sender && message.seenNanos[user] != 0) {
                long nanos = message.seenNanos[user] - message.intendedNanos;
                longest = Math.max(longest, nanos);
                delivered++;
                record(sendToDelivered, nanos);
            }
        }
        if (message.unreached() == 0) {
            deliveredToAll++;
            record(sendToAll, longest);
        }
    }

    /** Measured messages that were sequenced before the window closed: divided by its length, the throughput. */
    long answeredInTime() {
        return answeredInTime;
    }

    /** What broke the promise, each with its number. Empty: the system kept its promise to every message. */
    List<String> flaws() {
        List<String> flaws = new ArrayList<>();
        flaw(flaws, lost, "lost");
        flaw(flaws, rescued, "rescued");
        flaw(flaws, duplicated, "duplicated");
        flaw(flaws, outOfOrder, "out of order");
        flaw(flaws, gaps, "missing from the sequence");
        flaw(flaws, foreign, "foreign");
        flaw(flaws, unanswered, "unanswered");
        return flaws;
    }

    /** Whether the system kept its promise to every message. */
    boolean isClean() {
        return flaws().isEmpty();
    }

    private static void flaw(List<String> flaws, long number, String name) {
        if (number != 0) {
            flaws.add(number + " " + name);
        }
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }
}
