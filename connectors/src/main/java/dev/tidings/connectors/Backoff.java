package dev.tidings.connectors;

/** How long to wait before the next attempt: twice as long after each failure, up to a limit, from the start again after a success. */
public final class Backoff {

    private static final int DOUBLINGS_UNTIL_LIMIT = 5;

    private final long firstMillis;
    private int failures;

    public Backoff(long firstMillis) {
        this.firstMillis = firstMillis;
    }

    /** Counts one more failure, and says how many milliseconds to wait for it. */
    public long afterFailureMillis() {
        long millis = firstMillis << Math.min(failures, DOUBLINGS_UNTIL_LIMIT);
        failures++;
        return millis;
    }

    public void succeeded() {
        failures = 0;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }
}
