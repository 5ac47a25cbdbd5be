package dev.tidings.processors.parts;

/** What would come of a record is larger than {@link dev.tidings.schemas.Limits} allow. The record's fault: nothing was written. */
public final class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Which kind of limit. */
    public enum Kind {
        /** The bytes of an output or of a state value. */
        SIZE,
        /** The entries read from and written to state stores. */
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
