package dev.tidings.ops.rebuild;

/** The rebuild is not possible. The message says why, for operators. */
public final class CannotRebuildException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CannotRebuildException(String message) {
        super(message);
    }
}
