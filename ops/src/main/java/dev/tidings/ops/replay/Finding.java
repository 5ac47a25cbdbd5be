package dev.tidings.ops.replay;

import org.jspecify.annotations.Nullable;

/**
 * One event that is not as recorded.
 *
 * @param offset of the recorded event; null if {@link Kind#UNEXPECTED}
 * @param conversation the event's key where the event cannot be read
 * @param seq 0 for what lies outside of the sequence
 * @param difference in which part of the record, and from which byte on; null unless {@link Kind#DIFFERENT}
 * @param recorded JSON; null if {@link Kind#UNEXPECTED}
 * @param computed JSON; null if {@link Kind#MISSING}
 */
public record Finding(
        Kind kind,
        int partition,
        @Nullable Long offset,
        String conversation,
        long seq,
        @Nullable String difference,
        @Nullable String recorded,
        @Nullable String computed) {

    /** How it is not as recorded. */
    public enum Kind {
        /** The same command leads to other bytes. */
        DIFFERENT,
        /** It was recorded, and does not come of it now. */
        MISSING,
        /** It comes of it now, and was not recorded. */
        UNEXPECTED
    }

    static Finding different(int partition, EventRecord recorded, EventRecord computed, String difference) {
        return of(Kind.DIFFERENT, partition, recorded, difference, recorded.json(), computed.json());
    }

    static Finding missing(int partition, EventRecord recorded) {
        return of(Kind.MISSING, partition, recorded, null, recorded.json(), null);
    }

    static Finding unexpected(int partition, EventRecord computed) {
        return of(Kind.UNEXPECTED, partition, computed, null, null, computed.json());
    }

    private static Finding of(
            Kind kind,
            int partition,
            EventRecord named,
            @Nullable String difference,
            @Nullable String recorded,
            @Nullable String computed) {
        var event = named.event();
        return new Finding(
                kind,
                partition,
                named.offset(),
                named.conversation(),
                event == null ? 0 : event.getSeq(),
                difference,
                recorded,
                computed);
    }
}
