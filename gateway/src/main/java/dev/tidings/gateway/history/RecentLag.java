package dev.tidings.gateway.history;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Records for 10 s that the recent layer was found behind the full one: meanwhile reads compare both heads. A recent layer
 * that is found ahead has caught up. Thread-safe.
 */
final class RecentLag {

    private static final Duration KEEP = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private volatile boolean behind;
    private volatile long behindAtNanos;

    RecentLag(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Compares both heads of one conversation, read at about the same time. */
    void compared(long recentHead, long fullHead) {
        if (fullHead > recentHead) {
            behindAtNanos = nanoTime.getAsLong();
            behind = true;
        } else if (recentHead > fullHead) {
            behind = false;
        }
    }

    boolean isSuspected() {
        return behind && nanoTime.getAsLong() - behindAtNanos < KEEP.toNanos();
    }
}
