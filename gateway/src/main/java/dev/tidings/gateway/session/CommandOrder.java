package dev.tidings.gateway.session;

import java.time.Duration;

/**
 * Keeps the order of a client that stops at the first error. Such a client may have sent more before it reads the error; if
 * those commands were appended, they would stand before the one that is sent again. So after a command that was not
 * appended, no later one is for a second. Not thread-safe; knows no clock: the time comes in.
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

    /** A command was not appended, and sending it again may help. */
    void notAppended(long nowNanos) {
        pausing = true;
        pauseUntilNanos = nowNanos + PAUSE.toNanos();
    }
}
