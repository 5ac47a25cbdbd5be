package dev.tidings.ops.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides when a failed connector or task is restarted: 1 s after its first failure, twice as long after each further one, up to
 * 1 min. Starts again with 1 s for a part that ran for 2 min. The caller passes the time, in nanoseconds of one clock.
 */
final class RestartBackoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofMinutes(1);
    private static final Duration RESET_AFTER = Duration.ofMinutes(2);
    private static final int MAX_DOUBLINGS = 6;

    private static final class Attempts {
        private int restarts;
        private long dueNanos;
        private boolean waiting;
    }

    private final Map<String, Attempts> parts = new HashMap<>();

    /** Whether this failed part must be restarted now. Counts a restart if it returns true. */
    boolean isDue(String part, long nowNanos) {
        Attempts attempts = parts.computeIfAbsent(part, name -> new Attempts());
        if (!attempts.waiting) {
            boolean longAgo = attempts.restarts > 0 && nowNanos - attempts.dueNanos > RESET_AFTER.toNanos();
            attempts.restarts = longAgo ? 0 : attempts.restarts;
            attempts.dueNanos = nowNanos + waitNanos(attempts.restarts);
            attempts.waiting = true;
            return false;
        }
        if (nowNanos - attempts.dueNanos < 0) {
            return false;
        }
        attempts.restarts++;
        attempts.waiting = false;
        return true;
    }

    private static long waitNanos(int restarts) {
        return Math.min(MAX.toNanos(), FIRST.toNanos() << Math.min(restarts, MAX_DOUBLINGS));
    }
}
