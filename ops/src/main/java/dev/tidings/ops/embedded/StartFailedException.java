package dev.tidings.ops.embedded;

/** A part of the system did not start. The message tells the operator which, why, and what to change. */
public final class StartFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
