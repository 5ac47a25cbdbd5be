package dev.tidings.ops.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Sends messages by the clock (open loop): message i is due at start + i / rate, whatever happened to those before it. A pacer
 * that falls behind sends all due messages at once. Every message carries its due time.
 */
final class Pacer implements Runnable {

    /** The kernel wakes a sleeping thread about this late; so the last part of the wait spins. */
    private static final long SPIN_NANOS = 50_000;

    private final long startNanos;
    private final int rate;
    private final long messages;
    private final long warmupMessages;
    private final LongConsumer sendDueAtNanos;
    private final Histogram lag = new Histogram(TimeUnit.HOURS.toNanos(1), 3);

    Pacer(long startNanos, LoadPlan plan, LongConsumer sendDueAtNanos) {
        this(startNanos, plan.run().rate(), plan.messages(), plan.warmupMessages(), sendDueAtNanos);
    }

    /** @param warmupMessages the first messages, whose lag is not recorded */
    Pacer(long startNanos, int rate, long messages, long warmupMessages, LongConsumer sendDueAtNanos) {
        this.startNanos = startNanos;
        this.rate = rate;
        this.messages = messages;
        this.warmupMessages = warmupMessages;
        this.sendDueAtNanos = sendDueAtNanos;
    }

    @Override
    public void run() {
        for (long i = 0; i < messages && !Thread.currentThread().isInterrupted(); i++) {
            long due = dueNanos(i);
            long late = waitUntil(due);
            if (i >= warmupMessages) {
                lag.recordValue(Math.min(late, lag.getHighestTrackableValue()));
            }
            sendDueAtNanos.accept(due);
        }
    }

    /** The time at which the message with this number is due. */
    long dueNanos(long message) {
        return startNanos + message * TimeUnit.SECONDS.toNanos(1) / rate;
    }

    /** Nanoseconds from due to sent: the generator's own share of the latency. Read it after the run only. */
    Histogram lag() {
        return lag;
    }

    private static long waitUntil(long due) {
        long now = System.nanoTime();
        while (now < due) {
            if (due - now > SPIN_NANOS) {
                LockSupport.parkNanos(due - now - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
        return now - due;
    }
}
