package dev.tidings.ops.replay;

/** The log does not hold what a replay needs; the message says what is missing, to the operator. */
public final class CannotReplayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotReplayException(String message) {
        super(message);
    }
}
