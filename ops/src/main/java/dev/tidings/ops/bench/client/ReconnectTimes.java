package dev.tidings.ops.bench.client;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long clients take to reconnect and to synchronize, from the first attempt of each. Times are {@link System#nanoTime()};
 * 0: has not happened. Not thread-safe.
 */
public final class ReconnectTimes {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Histogram connectedNanos = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final Histogram syncedNanos = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private int unsynced;
    private int resumed;
    private int droppedAgain;
    private long firstAttemptNanos = Long.MAX_VALUE;
    private long firstConnectedNanos = Long.MAX_VALUE;
    private long lastConnectedNanos = Long.MIN_VALUE;
    private long lastSyncedNanos = Long.MIN_VALUE;

    /**
     * Adds one client.
     *
     * @param drops how often its connection was lost
     * @param isResumed whether its last session resumed the one before
     */
    void add(int drops, boolean isResumed, long attemptedAt, long connectedAt, long syncedAt) {
        resumed += isResumed ? 1 : 0;
        droppedAgain += Math.max(0, drops - 1);
        if (attemptedAt == 0 || connectedAt == 0 || syncedAt == 0) {
            unsynced++;
            return;
        }
        connectedNanos.recordValue(connectedAt - attemptedAt);
        syncedNanos.recordValue(syncedAt - attemptedAt);
        firstAttemptNanos = Math.min(firstAttemptNanos, attemptedAt);
        firstConnectedNanos = Math.min(firstConnectedNanos, connectedAt);
        lastConnectedNanos = Math.max(lastConnectedNanos, connectedAt);
        lastSyncedNanos = Math.max(lastSyncedNanos, syncedAt);
    }

    /** Clients that have no session, or have not synchronized. */
    public int unsynced() {
        return unsynced;
    }

    /** Clients whose last session resumed the one before. */
    public int resumed() {
        return resumed;
    }

    /** Connections that were lost after the first loss. */
    public int droppedAgain() {
        return droppedAgain;
    }

    /** From the first attempt of any client until the first one is connected. */
    public double firstConnectedMillis() {
        return sinceFirstAttempt(firstConnectedNanos);
    }

    /** From the first attempt of any client until the last one is connected. */
    public double allConnectedMillis() {
        return sinceFirstAttempt(lastConnectedNanos);
    }

    /** From the first attempt of any client until the last one is synchronized. */
    public double allSyncedMillis() {
        return sinceFirstAttempt(lastSyncedNanos);
    }

    /** Nanoseconds from each client's first attempt until it is connected. */
    public Histogram connected() {
        return connectedNanos;
    }

    /** Nanoseconds from each client's first attempt until it is synchronized. */
    public Histogram synced() {
        return syncedNanos;
    }

    private double sinceFirstAttempt(long nanos) {
        return syncedNanos.getTotalCount() == 0 ? 0 : (nanos - firstAttemptNanos) / NANOS_PER_MILLI;
    }
}
