package dev.tidings.ops.verify;

/** The comparison is not possible. The message says why, for operators. */
public final class CannotVerifyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotVerifyException(String message) {
        super(message);
    }
}
