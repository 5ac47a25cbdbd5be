package dev.tidings.ops.replay;

import org.jspecify.annotations.Nullable;

/**
 * One difference between the recorded and the computed events.
 *
 * @param offset of the recorded event; null if {@link Kind#UNEXPECTED}
 * @param conversation the event's key if the event cannot be read
 * @param seq 0 for an unsequenced event
 * @param difference the part of the record and the first different byte; null unless {@link Kind#DIFFERENT}
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

    /** The kind of a difference. */
    public enum Kind {
        /** The same command makes an event with other bytes. */
        DIFFERENT,
        /** The event was recorded, but this build does not make it. */
        MISSING,
        /** This build makes the event, but it was not recorded. */
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
