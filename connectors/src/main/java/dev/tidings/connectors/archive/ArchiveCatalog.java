package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.schemas.readmodel.SqlLiterals;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the catalog of the archive. An object is part of the archive once it has a row in {@code archive_objects} that is
 * neither deleted nor pending; its rows in {@code archived_ranges} are written before.
 *
 * <pre>
 *   begin ─▶ pending ─▶ add ─▶ in the archive ─▶ replaced or retention over ─▶ pending ─▶ empty ─▶ deleted
 *               └── interrupted: the next run empties it ──────────────────────────────────┘
 * </pre>
 */
final class ArchiveCatalog {

    private enum State {
        /** Not part of the archive, and not empty. */
        PENDING("true, true"),
        ARCHIVED("false, false"),
        DELETED("true, false");

        /** The columns deleted and pending, in SQL. */
        private final String columns;

        State(String columns) {
            this.columns = columns;
        }
    }

    private final ArchiveServer server;
    private final ObjectTable table;
    private final Supplier<String> condition;

    private ArchiveCatalog(ArchiveServer server, ObjectTable table, Supplier<String> condition) {
        this.server = server;
        this.table = table;
        this.condition = condition;
    }

    /** A catalog that is only read. */
    static ArchiveCatalog reading(ArchiveServer server, ObjectTable table) {
        return new ArchiveCatalog(server, table, () -> "false");
    }

    static ArchiveCatalog writing(ArchiveLease lease, ObjectTable table) {
        return new ArchiveCatalog(lease, table, lease::isHeld);
    }

    /** Returns all objects of the archive, the oldest month first. */
    List<ArchiveObject> objects() {
        return objectsThat("NOT deleted");
    }

    /** Returns the objects of the archive that meet a condition on {@code archive_objects}. */
    List<ArchiveObject> objects(String condition) {
        return objectsThat("NOT deleted AND " + condition);
    }

    /** Returns the objects of a month and kind by generation. */
    List<ArchiveObject> objects(YearMonth month, ArchiveBucket bucket) {
        return objects("month = '" + month + "' AND kind = '" + bucket.label() + '\'');
    }

    /** Returns the objects that must be emptied: an interrupted run has not added them, or they are replaced. */
    List<ArchiveObject> pending() {
        return objectsThat("pending");
    }

    private List<ArchiveObject> objectsThat(String condition) {
        List<ArchiveObject> objects = new ArrayList<>();
        for (GenericRecord row :
                server.query("SELECT toString(month), kind, toString(generation), toString(events), toString(checksum)"
                        + " FROM tidings.archive_objects FINAL WHERE " + condition
                        + " ORDER BY month, kind, generation")) {
            objects.add(new ArchiveObject(
                    YearMonth.parse(row.getString(1)),
                    row.getString(2),
                    Integer.parseInt(row.getString(3)),
                    Long.parseLong(row.getString(4)),
                    Long.parseUnsignedLong(row.getString(5))));
        }
        return objects;
    }

    /** Announces an object before it is written. */
    void begin(ArchiveObject object) {
        record(row(object, State.PENDING));
    }

    /**
     * Adds an object that is written and verified.
     *
     * @param replaced leaves the archive in the same step, and must be emptied then; null: none
     */
    void add(ArchiveObject object, @Nullable ArchiveObject replaced) {
        server.execute("INSERT INTO tidings.archived_ranges (conversation_id, first_seq, last_seq, first_sent_at,"
                + " last_sent_at, object) SELECT conversation_id, min(seq), max(seq), min(sent_at), max(sent_at), "
                + SqlLiterals.quoted(object.name()) + " FROM "
                + table.function(object) + " GROUP BY conversation_id");
        String added = row(object, State.ARCHIVED);
        record(replaced == null ? added : added + ", " + row(replaced, State.PENDING));
    }

    /** Records that the retention deletes the events of an object. */
    void recordDeleted(ArchiveObject object) {
        server.execute("INSERT INTO tidings.deleted_ranges (conversation_id, last_seq)"
                + " SELECT conversation_id, max(last_seq) FROM tidings.archived_ranges WHERE object = "
                + SqlLiterals.quoted(object.name()) + " GROUP BY conversation_id");
    }

    /** Removes an object from the archive. It must be emptied then. */
    void remove(ArchiveObject object) {
        record(row(object, State.PENDING));
    }

    /** Replaces an object that is not part of the archive by one without events, because ClickHouse cannot delete it. */
    void empty(ArchiveObject object) {
        server.execute("ALTER TABLE tidings.archived_ranges DELETE WHERE object = " + SqlLiterals.quoted(object.name())
                + " SETTINGS mutations_sync = 1");
        server.execute("INSERT INTO FUNCTION " + table.function(object) + " SELECT " + ObjectTable.COLUMNS
                + " FROM tidings.events LIMIT 0" + ObjectTable.WRITE_SETTINGS);
        record(row(object, State.DELETED));
    }

    /** Writes all rows, or none if another process has taken over the lease: it may have emptied the object. */
    private void record(String rows) {
        server.execute(
                "INSERT INTO tidings.archive_objects (object, month, kind, generation, events, checksum, deleted,"
                        + " pending, changed_at) SELECT entry.1, entry.2, entry.3, entry.4, entry.5, entry.6, entry.7, entry.8, now64(3)"
                        + " FROM (SELECT arrayJoin([" + rows + "]) AS entry) WHERE " + condition.get());
    }

    private static String row(ArchiveObject object, State state) {
        return '(' + SqlLiterals.quoted(object.name()) + ", '" + object.month() + "', '" + object.kind() + "', "
                + object.generation() + ", " + object.events() + ", " + Long.toUnsignedString(object.checksum()) + ", "
                + state.columns + ')';
    }
}
