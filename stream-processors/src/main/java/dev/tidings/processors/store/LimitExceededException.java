package dev.tidings.processors.store;

/**
 * Thrown if the outputs, state values or store operations of a record exceed {@link dev.tidings.schemas.Limits}. The
 * failure is the record's own fault, and nothing has been written.
 */
public final class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The kind of limit that the record exceeded. */
    public enum Kind {
        /** The size of an output or of a state value, in bytes. */
        SIZE,
        /** The number of entries read from and written to state stores. */
        WORK
    }

    private final Kind kind;

    LimitExceededException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
