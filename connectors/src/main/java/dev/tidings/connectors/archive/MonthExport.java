package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one month of {@code tidings.events} to the archive.
 *
 * <pre>
 *   for each kind: write object ─▶ read it back ─▶ write manifest ─▶ add to the catalog
 *   move the partition to a table of its own ─▶ compare it with the archive ─▶ equal: drop it
 *                                                                           └─▶ else: move it back
 * </pre>
 *
 * An interruption at any place loses no event: the next run repeats what is missing. Events that are in ClickHouse and in the archive
 * are harmless, because readers drop duplicates. Rows that arrive after their object was written get an object of the next generation.
 */
final class MonthExport {

    private static final Logger LOG = LoggerFactory.getLogger(MonthExport.class);

    private static final String EVENTS = "tidings.events";
    private static final String LEAVING = "events_leaving_";
    private static final DateTimeFormatter PARTITION = DateTimeFormatter.ofPattern("yyyyMM", Locale.ROOT);
    private static final int PARTITION_CHARACTERS = 6;
    private static final int RUN_CHARACTERS = 8;

    private final ArchiveServer server;
    private final ObjectTable table;
    private final ArchiveCatalog catalog;

    MonthExport(ArchiveServer server, ObjectTable table, ArchiveCatalog catalog) {
        this.server = server;
        this.table = table;
        this.catalog = catalog;
    }

    /** The number and the sum of the hashes of some events. */
    private record Summary(long events, long checksum) {}

    /** Returns the number of events that were written. */
    long run(YearMonth month) {
        long events = 0;
        for (Map.Entry<ArchiveBucket, Summary> found :
                summaries(EVENTS, partition(month)).entrySet()) {
            events += export(month, found.getKey(), found.getValue());
        }
        String partition = partition(month);
        String leaving =
                LEAVING + partition + '_' + UUID.randomUUID().toString().substring(0, RUN_CHARACTERS);
        server.execute("CREATE TABLE tidings." + leaving + " AS " + EVENTS);
        server.execute("ALTER TABLE " + EVENTS + " MOVE PARTITION ID '" + partition + "' TO TABLE tidings." + leaving);
        settle(leaving);
        return events;
    }

    /** Completes or takes back what interrupted runs have begun. */
    void recover() {
        for (GenericRecord row :
                server.query("SELECT name FROM system.tables WHERE database = 'tidings' AND startsWith(name, '"
                        + LEAVING + "') ORDER BY name")) {
            settle(row.getString(1));
        }
    }

    /** @param found all events of the bucket in ClickHouse */
    private long export(YearMonth month, ArchiveBucket bucket, Summary found) {
        List<ArchiveObject> earlier = catalog.objects(month, bucket);
        String rows = rows(EVENTS, partition(month), bucket, earlier);
        Summary expected = earlier.isEmpty() ? found : summary(ObjectTable.HASH_OF_ROW, rows);
        if (expected.events() == 0) {
            return 0;
        }
        int generation = earlier.isEmpty() ? 1 : earlier.getLast().generation() + 1;
        ArchiveObject object =
                new ArchiveObject(month, bucket.label(), generation, expected.events(), expected.checksum());
        server.execute("INSERT INTO FUNCTION " + table.function(object) + " SELECT " + ObjectTable.COLUMNS + ' ' + rows
                + " ORDER BY conversation_id, seq" + ObjectTable.WRITE_SETTINGS);
        requireWritten(object);
        server.execute("INSERT INTO FUNCTION " + table.manifest(object) + " SELECT " + ObjectTable.quoted(object.name())
                + ", 'events', '" + month + "', '" + bucket.label() + "', " + object.events() + ", "
                + Long.toUnsignedString(object.checksum()) + ", min(sent_at), max(sent_at), 1, now64(3) FROM "
                + table.function(object) + " SETTINGS s3_truncate_on_insert = 1");
        catalog.add(object);
        LOG.info("archived object={} events={}", object.name(), object.events());
        return object.events();
    }

    /** @throws ArchiveException if the object does not have the events that it should have */
    void requireWritten(ArchiveObject object) {
        Summary found = summary(ObjectTable.HASH_OF_ARCHIVED, "FROM " + table.function(object));
        if (!found.equals(new Summary(object.events(), object.checksum()))) {
            throw new ArchiveException("object " + object.name() + " has " + found.events() + " events with checksum "
                    + Long.toUnsignedString(found.checksum()) + " instead of " + object.events() + " with "
                    + Long.toUnsignedString(object.checksum()));
        }
    }

    /** Drops a moved month if the archive has all of it, and moves it back otherwise. */
    private void settle(String leaving) {
        String partition = leaving.substring(LEAVING.length(), LEAVING.length() + PARTITION_CHARACTERS);
        String moved = "tidings." + leaving;
        boolean isArchived = summaries(moved, partition).entrySet().stream()
                .allMatch(found -> isArchived(moved, partition, found.getKey(), found.getValue()));
        if (!isArchived) {
            server.execute("ALTER TABLE " + moved + " MOVE PARTITION ID '" + partition + "' TO TABLE " + EVENTS);
            LOG.info("events arrived while their month was archived; the next run archives them month={}", partition);
        }
        server.execute("DROP TABLE IF EXISTS " + moved + " SYNC SETTINGS max_table_size_to_drop = 0");
    }

    /** @param found all events of the bucket in the moved month */
    private boolean isArchived(String moved, String partition, ArchiveBucket bucket, Summary found) {
        List<ArchiveObject> objects = catalog.objects(YearMonth.parse(partition, PARTITION), bucket);
        if (objects.size() == 1) {
            ArchiveObject only = objects.getFirst();
            if (found.equals(new Summary(only.events(), only.checksum()))) {
                return true;
            }
        }
        // several objects, or one, may have more than ClickHouse had
        return !objects.isEmpty()
                && summary(ObjectTable.HASH_OF_ROW, rows(moved, partition, bucket, objects))
                                .events()
                        == 0;
    }

    /** The events of a bucket that are in none of the objects. */
    private String rows(String from, String partition, ArchiveBucket bucket, List<ArchiveObject> objects) {
        String notArchived = objects.isEmpty()
                ? ""
                : " AND (conversation_id, seq, " + ObjectTable.HASH_OF_ROW + ") NOT IN (" + table.positions(objects)
                        + ')';
        return "FROM " + from + " FINAL WHERE _partition_id = '" + partition + "' AND (" + bucket.condition() + ')'
                + notArchived;
    }

    /** Returns the events of each bucket that has any. */
    private Map<ArchiveBucket, Summary> summaries(String from, String partition) {
        Map<ArchiveBucket, Summary> summaries = new LinkedHashMap<>();
        for (GenericRecord row :
                server.query("SELECT " + ArchiveBucket.LABEL + " AS bucket, toString(count()), toString(sum("
                        + ObjectTable.HASH_OF_ROW + ")) FROM " + from + " FINAL WHERE _partition_id = '" + partition
                        + "' GROUP BY bucket ORDER BY bucket")) {
            summaries.put(
                    ArchiveBucket.of(row.getString(1)),
                    new Summary(Long.parseLong(row.getString(2)), Long.parseUnsignedLong(row.getString(3))));
        }
        return summaries;
    }

    private Summary summary(String hash, String rows) {
        GenericRecord row = server.query("SELECT toString(count()), toString(sum(" + hash + ")) " + rows)
                .getFirst();
        return new Summary(Long.parseLong(row.getString(1)), Long.parseUnsignedLong(row.getString(2)));
    }

    private static String partition(YearMonth month) {
        return month.format(PARTITION);
    }
}
