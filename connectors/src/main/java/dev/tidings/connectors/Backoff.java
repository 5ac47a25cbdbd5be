package dev.tidings.connectors;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Exponential backoff: each failure doubles the pause up to a limit, a success resets it.
 *
 * <p>Connect delivers a failed batch again after its commit interval at the latest, whatever pause the task asked for. So a task
 * checks {@link #remainingMillis} before it tries a batch.
 */
public final class Backoff {

    private static final int DOUBLINGS_UNTIL_LIMIT = 5;

    private final long firstMillis;
    private final LongSupplier nanoTime;
    private volatile int failures;
    private long dueNanos;

    public Backoff(long firstMillis) {
        this(firstMillis, System::nanoTime);
    }

    /** @param nanoTime a clock that never goes back */
    public Backoff(long firstMillis, LongSupplier nanoTime) {
        this.firstMillis = firstMillis;
        this.nanoTime = nanoTime;
    }

    /** Counts one more failure, and returns the milliseconds until the next attempt is due. */
    public long afterFailureMillis() {
        int before = failures;
        long millis = firstMillis << Math.min(before, DOUBLINGS_UNTIL_LIMIT);
        failures = before + 1;
        dueNanos = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        return millis;
    }

    /** Milliseconds until the next attempt is due, rounded up; 0: it is. */
    public long remainingMillis() {
        if (failures == 0) {
            return 0;
        }
        long nanos = dueNanos - nanoTime.getAsLong();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1;
    }

    public void succeeded() {
        failures = 0;
    }

    /** Failures since the last success. Any thread may ask. */
    public int failures() {
        return failures;
    }
}
