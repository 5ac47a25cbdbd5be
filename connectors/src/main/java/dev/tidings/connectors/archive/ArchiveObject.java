package dev.tidings.connectors.archive;

import java.time.YearMonth;
import java.util.Locale;

/**
 * An object of the archive.
 *
 * @param generation the number of the object. Each is used once. If several objects have an event, the one with the greatest number counts
 * @param events the number of events
 * @param checksum the sum of the hashes of all events, modulo 2^64
 */
public record ArchiveObject(YearMonth month, String kind, int generation, long events, long checksum) {

    /** The name below the URL of the archive. Names of one month and kind are in the order of their generations. */
    public String name() {
        return String.format(Locale.ROOT, "events-%s-%s-%06d.parquet", month, kind, generation);
    }

    String manifestName() {
        return name().replace(".parquet", ".json");
    }

    EventSummary summary() {
        return new EventSummary(events, checksum);
    }
}
