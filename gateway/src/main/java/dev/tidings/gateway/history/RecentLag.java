package dev.tidings.gateway.history;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Remembers whether the recent layer was found behind the full one, so that reads which the recent layer could answer alone
 * ask both. Both follow the same log: as long as the recent layer is ahead now and then, it does not stand still. Thread-safe.
 */
final class RecentLag {

    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private volatile boolean behind;
    private volatile long behindAtNanos;

    RecentLag(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Both heads of one conversation, asked at about the same time. */
    void compared(long recentHead, long fullHead) {
        if (fullHead > recentHead) {
            behindAtNanos = nanoTime.getAsLong();
            behind = true;
        } else if (recentHead > fullHead) {
            behind = false;
        }
    }

    boolean isSuspected() {
        return behind && nanoTime.getAsLong() - behindAtNanos < REMEMBERED.toNanos();
    }
}
