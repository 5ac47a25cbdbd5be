package dev.tidings.ops.cli;

/** The command cannot do its work; the message says why, to the operator. */
final class CannotRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotRunException(String message) {
        super(message);
    }
}
