package dev.tidings.ops.cli;

/** The command failed for a reason that the operator can change. The message states it. */
final class CannotRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotRunException(String message) {
        super(message);
    }
}
