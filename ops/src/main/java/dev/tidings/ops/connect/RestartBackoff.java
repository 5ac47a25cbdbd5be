package dev.tidings.ops.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When a failed part may be started again: a second after its first failure, twice as long after each further one, up to
 * a minute. A part that has run for two minutes begins anew. Time is handed in, in nanoseconds of any one clock.
 */
final class RestartBackoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);
    private static final int MAX_DOUBLINGS = 6;

    private static final class Attempts {
        private int restarts;
        private long dueNanos;
        private boolean waiting;
    }

    private final Map<String, Attempts> parts = new HashMap<>();

    /** Whether a part, seen failed now, is to be started now. Counts as a restart where it says so. */
    boolean isDue(String part, long nowNanos) {
        Attempts attempts = parts.computeIfAbsent(part, name -> new Attempts());
        if (!attempts.waiting) {
            boolean longAgo = attempts.restarts > 0 && nowNanos - attempts.dueNanos > FORGOTTEN_AFTER.toNanos();
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
        return Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(restarts, MAX_DOUBLINGS));
    }
}
