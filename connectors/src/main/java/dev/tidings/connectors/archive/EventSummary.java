package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;

/** The number of some events, and the sum of their hashes modulo 2^64. */
record EventSummary(long events, long checksum) {

    /**
     * @param hash of an event, in SQL
     * @param rows the events: SQL from FROM on
     */
    static EventSummary of(ArchiveServer server, String hash, String rows) {
        GenericRecord row = server.query("SELECT toString(count()), toString(sum(" + hash + ")) " + rows)
                .getFirst();
        return new EventSummary(Long.parseLong(row.getString(1)), Long.parseUnsignedLong(row.getString(2)));
    }
}
