package dev.tidings.ops.bench;

/** The run cannot be made, for a reason that the one who asked for it should read. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
