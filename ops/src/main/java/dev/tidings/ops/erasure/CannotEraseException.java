package dev.tidings.ops.erasure;

/** An erasure is not possible, or not complete; the message says why. */
public final class CannotEraseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CannotEraseException(String message) {
        super(message);
    }
}
