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
 *   for each kind: write object (ObjectWriter)
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

    private final ArchiveLease server;
    private final ObjectTable table;
    private final ArchiveCatalog catalog;
    private final ObjectWriter writer;

    MonthExport(ArchiveLease server, ObjectTable table, ArchiveCatalog catalog, ObjectWriter writer) {
        this.server = server;
        this.table = table;
        this.catalog = catalog;
        this.writer = writer;
    }

    /** Returns the number of events that were written. */
    long run(YearMonth month) {
        long events = 0;
        for (Map.Entry<ArchiveBucket, EventSummary> found :
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

    /** Completes or takes back the work that interrupted runs have begun. */
    void recover() {
        for (GenericRecord row :
                server.query("SELECT name FROM system.tables WHERE database = 'tidings' AND startsWith(name, '"
                        + LEAVING + "') ORDER BY name")) {
            settle(row.getString(1));
        }
        catalog.pending().forEach(catalog::empty);
    }

    /** @param found all events of the bucket in ClickHouse */
    private long export(YearMonth month, ArchiveBucket bucket, EventSummary found) {
        List<ArchiveObject> earlier = catalog.objects(month, bucket);
        String rows = rows(EVENTS, partition(month), bucket, earlier);
        EventSummary expected = earlier.isEmpty() ? found : EventSummary.of(server, ObjectTable.HASH_OF_ROW, rows);
        if (expected.events() == 0) {
            return 0;
        }
        writer.write(month, bucket.label(), "SELECT " + ObjectTable.COLUMNS + ' ' + rows, expected, null);
        return expected.events();
    }

    /** Drops a moved month if its objects, as they are read now, have all of it, and moves it back otherwise. */
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
    private boolean isArchived(String moved, String partition, ArchiveBucket bucket, EventSummary found) {
        List<ArchiveObject> objects = catalog.objects(YearMonth.parse(partition, PARTITION), bucket);
        if (objects.size() == 1 && found.equals(table.summary(server, objects.getFirst()))) {
            return true;
        }
        // several objects, or one, may have more than ClickHouse had
        return !objects.isEmpty()
                && EventSummary.of(server, ObjectTable.HASH_OF_ROW, rows(moved, partition, bucket, objects))
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
    private Map<ArchiveBucket, EventSummary> summaries(String from, String partition) {
        Map<ArchiveBucket, EventSummary> summaries = new LinkedHashMap<>();
        for (GenericRecord row :
                server.query("SELECT " + ArchiveBucket.LABEL + " AS bucket, toString(count()), toString(sum("
                        + ObjectTable.HASH_OF_ROW + ")) FROM " + from + " FINAL WHERE _partition_id = '" + partition
                        + "' GROUP BY bucket ORDER BY bucket")) {
            summaries.put(
                    ArchiveBucket.of(row.getString(1)),
                    new EventSummary(Long.parseLong(row.getString(2)), Long.parseUnsignedLong(row.getString(3))));
        }
        return summaries;
    }

    private static String partition(YearMonth month) {
        return month.format(PARTITION);
    }
}
