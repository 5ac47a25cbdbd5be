package dev.tidings.ops.verify;

/**
 * Events of one conversation that a store lacks, has in excess, or has with other bytes.
 *
 * @param fromSeq the first of them
 * @param toSeq the last of them, inclusive
 */
public record Discrepancy(Store store, Kind kind, String conversationId, long fromSeq, long toSeq) {

    /** The kind of a discrepancy. */
    public enum Kind {
        /** The log has the event. In the log itself: no event has the seq. */
        MISSING,
        /** The log does not have the event. In the log itself: a second event has the seq. */
        EXTRA,
        /** The log has the event with other bytes. */
        DIFFERENT
    }

    long events() {
        return toSeq - fromSeq + 1;
    }
}
