package dev.tidings.ops.replay;

/** The log lacks something that a replay needs. The message tells the operator what. */
public final class CannotReplayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotReplayException(String message) {
        super(message);
    }
}
