package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.schemas.readmodel.SqlLiterals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Replaces an object by one with fewer or changed events. Both have the events for a moment, and readers take those of the newer one; an
 * interruption leaves the old object in the archive, or the new one and an old one that the next run empties.
 */
final class ObjectRewrite {

    private static final int PAGE = 1_000;
    private static final String CHANGES = "archive_changes_";

    private final ArchiveLease lease;
    private final ObjectTable table;
    private final ObjectWriter writer;

    ObjectRewrite(ArchiveLease lease, ObjectTable table, ObjectWriter writer) {
        this.lease = lease;
        this.table = table;
        this.writer = writer;
    }

    /** Drops the tables of interrupted runs. */
    void recover() {
        for (GenericRecord row :
                lease.query("SELECT name FROM system.tables WHERE database = 'tidings' AND startsWith(name, '" + CHANGES
                        + "') ORDER BY name")) {
            drop("tidings." + row.getString(1));
        }
    }

    /** Returns the number of events of an object that meet a condition. */
    EventSummary summary(ArchiveObject object, String condition) {
        return EventSummary.of(lease, ObjectTable.HASH_OF_ARCHIVED, from(object, condition));
    }

    /**
     * Keeps the events that meet a condition.
     *
     * @param kept these events
     */
    void keep(ArchiveObject object, String condition, EventSummary kept) {
        writer.write(object.month(), object.kind(), "SELECT * " + from(object, condition), kept, object);
    }

    /** Returns the number of changed events; 0: the object stays. */
    long change(ArchiveObject object, String condition, EventChange change) {
        String changes = "tidings." + CHANGES + lease.nextNumber();
        lease.execute(
                "CREATE TABLE " + changes + " (conversation_id String COMMENT 'The conversation', seq Int64 COMMENT"
                        + " 'Position in the conversation', body String COMMENT 'The new body', raw String COMMENT 'The new raw, in"
                        + " Base64', changed Bool COMMENT 'True') ENGINE = MergeTree ORDER BY (conversation_id, seq)"
                        + " COMMENT 'Events that the archive changes now'");
        long changed = collect(object, condition, change, changes);
        if (changed > 0) {
            String rows =
                    "SELECT old.conversation_id AS conversation_id, old.seq AS seq, old.message_index AS message_index,"
                            + " old.sent_at AS sent_at, old.command_id AS command_id, old.kind AS kind, old.actor AS actor,"
                            + " if(changes.changed, changes.body, old.body) AS body, if(changes.changed, changes.raw, old.raw) AS raw"
                            + " FROM " + table.function(object) + " AS old LEFT JOIN " + changes
                            + " AS changes ON changes.conversation_id = old.conversation_id AND changes.seq = old.seq";
            EventSummary expected = EventSummary.of(lease, ObjectTable.HASH_OF_ARCHIVED, "FROM (" + rows + ')');
            if (expected.events() != object.events()) {
                throw new ArchiveException("object " + object.name() + " has " + expected.events()
                        + " events instead of " + object.events());
            }
            writer.write(object.month(), object.kind(), "SELECT * FROM (" + rows + ')', expected, object);
        }
        drop(changes);
        return changed;
    }

    /** Writes the changed events to a table, page by page. */
    private long collect(ArchiveObject object, String condition, EventChange change, String changes) {
        long changed = 0;
        String isAfter = "true";
        List<GenericRecord> page;
        do {
            page = lease.query("SELECT conversation_id, toString(seq), raw "
                    + from(object, condition + " AND " + isAfter)
                    + " ORDER BY conversation_id, seq LIMIT " + PAGE);
            List<String> values = new ArrayList<>();
            for (GenericRecord row : page) {
                EventChange.Changed event = change.apply(Base64.getDecoder().decode(row.getString(3)));
                if (event != null) {
                    values.add('(' + SqlLiterals.quoted(row.getString(1)) + ", " + row.getString(2) + ", "
                            + SqlLiterals.bytes(event.body().getBytes(StandardCharsets.UTF_8)) + ", '"
                            + Base64.getEncoder().encodeToString(event.raw()) + "', true)");
                }
            }
            if (!page.isEmpty()) {
                isAfter = isAfter(page.getLast());
            }
            SqlLiterals.lists(values).forEach(list -> lease.execute("INSERT INTO " + changes + " VALUES " + list));
            changed += values.size();
        } while (page.size() == PAGE);
        return changed;
    }

    /** Without a tuple: ClickHouse's reader of Parquet fails if two conditions have the same tuple of columns. */
    private static String isAfter(GenericRecord row) {
        String conversationId = SqlLiterals.quoted(row.getString(1));
        return "(conversation_id > " + conversationId + " OR conversation_id = " + conversationId + " AND seq > "
                + row.getString(2) + ')';
    }

    private String from(ArchiveObject object, String condition) {
        return "FROM " + table.function(object) + " WHERE " + condition;
    }

    private void drop(String changes) {
        lease.execute("DROP TABLE IF EXISTS " + changes + " SYNC");
    }
}
