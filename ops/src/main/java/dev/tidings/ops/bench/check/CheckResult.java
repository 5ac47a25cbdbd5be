package dev.tidings.ops.bench.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The findings of the checker: counts and latencies. {@link #sent}, {@link #sequenced}, {@link #delivered}, {@link
 * #deliveredToAll}, {@link #refused} and the latencies are of the measured messages; all other counts are of all messages,
 * warm-up included.
 */
public final class CheckResult {

    static final int MAX_EVIDENCE = 20;

    private static final long SILENCE_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_SILENCE_STEPS = 20_000_000;

    static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

    public long sent;
    public long sequenced;
    /** Counts each message once for each device of a receiver that has seen it. */
    public long delivered;
    /** Messages that all their receivers have seen. */
    public long deliveredToAll;

    public long refused;

    /** Accepted or sequenced, but not seen by a receiver, neither live nor in history. Counts each receiver. */
    public long lost;
    /** Accepted and then lost, but sequenced in the end because the sender sent it again over a new connection. */
    public long rescued;
    /** Messages with two seqs or two message ids; seqs with two messages. */
    public long duplicated;
    /** Delivered live, or sequenced, after a message that it should precede. */
    public long outOfOrder;
    /** Seqs of a conversation at which no user has seen an event. */
    public long gaps;
    /** Events and answers that match no message of the run, or carry other content than was sent. */
    public long foreign;
    /** Neither sequenced nor refused when the run ended. */
    public long unanswered;

    /** Delivered live more than once to the same receiver. */
    public long redelivered;
    /** Seen only in history. */
    public long recovered;
    /** Repeated sends of a message. */
    public long resent;

    /** Users whose unread count differs from the messages of others since they read or sent last, or who got no view. */
    public long wrongUnread;

    /** Messages that only some devices of a user have, and users whose devices have different read positions. */
    public long divergent;

    /** Answers and events by which users who are no members got something of a conversation. */
    public long readByNonMembers;
    /** Rejected requests of users who are no members. */
    public long rejectedNonMembers;

    /** Messages of which an absent member was not notified. */
    public long lostNotifications;
    /** Messages of which an absent member was notified twice. */
    public long doubledNotifications;
    /** Requests to the webhook that repeat one with the same key, as they may after a crash. */
    public long repeatedNotifications;

    /** From when a message was due until its sender had the answer; nanoseconds. */
    public final Histogram sendToSequenced = new Histogram(MAX_NANOS, 3);
    /** From when a message was due until a receiver first had it, live or by pulling; nanoseconds. */
    public final Histogram sendToDelivered = new Histogram(MAX_NANOS, 3);
    /** The same until the last of its receivers had it. */
    public final Histogram sendToAll = new Histogram(MAX_NANOS, 3);

    /** The latencies and the throughput by time. */
    public final Timeline timeline;

    public final DeliveryDelays delays;

    private final List<String> evidence = new ArrayList<>();
    private final BitSet arrivals = new BitSet();
    private final long originNanos;
    private long answeredInTime;
    private final long measuredUntilNanos;

    CheckResult(long measuredFromNanos, long measuredUntilNanos) {
        this.originNanos = measuredFromNanos;
        this.measuredUntilNanos = measuredUntilNanos;
        this.timeline = new Timeline(measuredFromNanos, measuredUntilNanos);
        this.delays = new DeliveryDelays(measuredFromNanos);
    }

    void measure(SentMessage message) {
        sent++;
        refused += message.refused ? 1 : 0;
        if (message.sequencedNanos != 0) {
            sequenced++;
            timeline.sequenced(message.intendedNanos);
            record(sendToSequenced, message.sequencedNanos - message.intendedNanos);
            answeredInTime += message.sequencedNanos <= measuredUntilNanos ? 1 : 0;
        }
        measureReceivers(message);
    }

    private void measureReceivers(SentMessage message) {
        long slowestNanos = 0;
        for (int device = 0; device < message.seenNanos.length; device++) {
            if (device != message.sender && message.seenNanos[device] != 0) {
                long nanos = message.seenNanos[device] - message.intendedNanos;
                slowestNanos = Math.max(slowestNanos, nanos);
                delivered++;
                arrived(message.seenNanos[device]);
                record(sendToDelivered, nanos);
                timeline.delivered(message.intendedNanos, clamped(nanos));
                delays.delivered(message.intendedNanos, nanos);
            }
        }
        if (message.unreachedReceivers() == 0) {
            deliveredToAll++;
            record(sendToAll, slowestNanos);
        }
    }

    /** Measured messages that were sequenced before the window ended. Divided by its length: the throughput. */
    public long answeredInTime() {
        return answeredInTime;
    }

    /** Returns every guarantee that was violated, with its count, such as {@code 2 lost}. Empty: none was. */
    public List<String> flaws() {
        List<String> flaws = new ArrayList<>();
        flaw(flaws, lost, "lost");
        flaw(flaws, rescued, "rescued");
        flaw(flaws, duplicated, "duplicated");
        flaw(flaws, outOfOrder, "out of order");
        flaw(flaws, gaps, "missing from the sequence");
        flaw(flaws, foreign, "foreign");
        flaw(flaws, unanswered, "unanswered");
        flaw(flaws, wrongUnread, "unread counts wrong");
        flaw(flaws, readByNonMembers, "read by a non-member");
        flaw(flaws, divergent, "device divergence");
        flaw(flaws, lostNotifications, "notifications lost");
        flaw(flaws, doubledNotifications, "notifications doubled");
        return flaws;
    }

    /** Adds an example of what was violated, unless there are enough. */
    void evidence(String line) {
        if (evidence.size() < MAX_EVIDENCE) {
            evidence.add(line);
        }
    }

    /** Returns examples of what was violated: at most 20 lines. */
    public List<String> evidence() {
        return List.copyOf(evidence);
    }

    /** A message reached a receiver at this time. */
    void arrived(long nanoTime) {
        arrivals.set((int) Math.clamp((nanoTime - originNanos) / SILENCE_STEP_NANOS, 0, MAX_SILENCE_STEPS));
    }

    /** The longest time between the first and the last delivery in which no message reached anyone; steps of 100 ms. */
    public double longestSilenceSeconds() {
        int longest = 0;
        for (int at = arrivals.nextSetBit(0); at >= 0; ) {
            int next = arrivals.nextSetBit(at + 1);
            longest = next < 0 ? longest : Math.max(longest, next - at - 1);
            at = next;
        }
        return (double) longest * SILENCE_STEP_NANOS / TimeUnit.SECONDS.toNanos(1);
    }

    /** Whether no guarantee was violated. */
    public boolean isClean() {
        return flaws().isEmpty();
    }

    private static void flaw(List<String> flaws, long number, String name) {
        if (number != 0) {
            flaws.add(number + " " + name);
        }
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(clamped(nanos));
    }

    private static long clamped(long nanos) {
        return Math.clamp(nanos, 0, MAX_NANOS);
    }
}
