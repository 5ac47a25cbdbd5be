package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes the catalog of the archive. An object is part of the archive once it has a row in {@code archive_objects}; its rows
 * in {@code archived_ranges} are written before.
 */
final class ArchiveCatalog {

    private final ArchiveServer server;
    private final ObjectTable table;

    ArchiveCatalog(ArchiveServer server, ObjectTable table) {
        this.server = server;
        this.table = table;
    }

    /** Returns all objects, the oldest month first. */
    List<ArchiveObject> objects() {
        List<ArchiveObject> objects = new ArrayList<>();
        for (GenericRecord row : server.query(
                "SELECT toString(month), kind, toString(generation), toString(events),"
                        + " toString(checksum) FROM tidings.archive_objects FINAL WHERE NOT deleted ORDER BY month, kind, generation")) {
            objects.add(new ArchiveObject(
                    YearMonth.parse(row.getString(1)),
                    row.getString(2),
                    Integer.parseInt(row.getString(3)),
                    Long.parseLong(row.getString(4)),
                    Long.parseUnsignedLong(row.getString(5))));
        }
        return objects;
    }

    /** Returns the objects of a month and kind by generation. */
    List<ArchiveObject> objects(YearMonth month, ArchiveBucket bucket) {
        return objects().stream()
                .filter(object -> object.month().equals(month) && object.kind().equals(bucket.label()))
                .toList();
    }

    /** Adds an object that is written and verified. */
    void add(ArchiveObject object) {
        server.execute("INSERT INTO tidings.archived_ranges (conversation_id, first_seq, last_seq, first_sent_at,"
                + " last_sent_at, object) SELECT conversation_id, min(seq), max(seq), min(sent_at), max(sent_at), "
                + ObjectTable.quoted(object.name()) + " FROM "
                + table.function(object) + " GROUP BY conversation_id");
        record(object, false);
    }

    /** Removes an object whose retention has ended. Its events count as deleted from now on. */
    void remove(ArchiveObject object) {
        String ofObject = " WHERE object = " + ObjectTable.quoted(object.name());
        server.execute("INSERT INTO tidings.deleted_ranges (conversation_id, last_seq)"
                + " SELECT conversation_id, max(last_seq) FROM tidings.archived_ranges" + ofObject
                + " GROUP BY conversation_id");
        server.execute("ALTER TABLE tidings.archived_ranges DELETE" + ofObject + " SETTINGS mutations_sync = 1");
        server.execute("INSERT INTO FUNCTION " + table.function(object) + " SELECT " + ObjectTable.COLUMNS
                + " FROM tidings.events LIMIT 0" + ObjectTable.WRITE_SETTINGS);
        record(object, true);
    }

    private void record(ArchiveObject object, boolean deleted) {
        server.execute(
                "INSERT INTO tidings.archive_objects (object, month, kind, generation, events, checksum, deleted, changed_at)"
                        + " VALUES (" + ObjectTable.quoted(object.name()) + ", '" + object.month() + "', '"
                        + object.kind() + "', "
                        + object.generation() + ", " + object.events() + ", " + Long.toUnsignedString(object.checksum())
                        + ", "
                        + deleted + ", now64(3))");
    }
}
