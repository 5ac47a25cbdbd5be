package dev.tidings.ops.embedded;

/** A backend could not start; the message says which, why, and what to do, and is meant for who runs it. */
public final class StartFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
