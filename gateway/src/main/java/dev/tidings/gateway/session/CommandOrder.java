package dev.tidings.gateway.session;

import java.time.Duration;

/**
 * Keeps the order of a client that stops at the first error and sends again from there. Such a client may have sent more
 * commands before it reads the error; they must not be appended before the one that is sent again. So for a second after a
 * failed append no further command is appended. Not thread-safe.
 */
final class CommandOrder {

    static final Duration PAUSE = Duration.ofSeconds(1);

    private boolean pausing;
    private long pauseUntilNanos;

    boolean mayAppend(long nowNanos) {
        if (pausing && nowNanos - pauseUntilNanos >= 0) {
            pausing = false;
        }
        return !pausing;
    }

    /** A command was not appended, and a retry may succeed. */
    void appendFailed(long nowNanos) {
        pausing = true;
        pauseUntilNanos = nowNanos + PAUSE.toNanos();
    }
}
