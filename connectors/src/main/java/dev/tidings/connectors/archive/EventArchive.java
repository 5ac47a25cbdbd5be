package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.connectors.retention.HeldRows;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves old months of events from ClickHouse to object storage, and deletes objects whose retention has ended. The tables of the catalog
 * must exist: the ClickHouse sink creates them.
 */
public final class EventArchive {

    /** After a crash, other processes cannot use the archive for this time. A statement of a large month takes minutes. */
    private static final Duration LEASE = Duration.ofMinutes(30);

    private static final HeldRows HELD = HeldRows.ofConversation("conversation_id", "actor");

    private final ArchiveServer server;
    private final ArchiveConfig config;
    private final RetentionPolicy retention;
    private final InstantSource clock;
    private final Duration quietFor;
    private final Duration leaseFor;
    private final ObjectTable table;
    private final ArchiveCatalog catalog;

    /** @param quietFor a month stays in ClickHouse while its rows have changed within this time: a sink may be storing it */
    public EventArchive(
            ArchiveServer server,
            ArchiveConfig config,
            RetentionPolicy retention,
            InstantSource clock,
            Duration quietFor) {
        this(server, config, retention, clock, quietFor, LEASE);
    }

    /** @param leaseFor the time for which a crashed process keeps others from the archive */
    public EventArchive(
            ArchiveServer server,
            ArchiveConfig config,
            RetentionPolicy retention,
            InstantSource clock,
            Duration quietFor,
            Duration leaseFor) {
        this.server = server;
        this.config = config;
        this.retention = retention;
        this.clock = clock;
        this.quietFor = quietFor;
        this.leaseFor = leaseFor;
        this.table = new ObjectTable(config);
        this.catalog = ArchiveCatalog.reading(server, table);
    }

    /**
     * The result of a run.
     *
     * @param months that left ClickHouse
     * @param events that were written
     * @param deleted objects whose retention has ended
     * @param held events that their retention does not delete, because a legal hold protects them
     */
    public record Result(List<YearMonth> months, long events, List<ArchiveObject> deleted, long held) {

        public Result {
            months = List.copyOf(months);
            deleted = List.copyOf(deleted);
        }
    }

    /**
     * Archives all months that are due, the oldest first. Does nothing to other months, so it can be repeated.
     *
     * @throws ArchiveException if another process uses the archive
     */
    public Result run() {
        try (ArchiveRun run = begin()) {
            List<YearMonth> months = dueMonths();
            long events = 0;
            for (YearMonth month : months) {
                events += run.export(month);
            }
            List<ArchiveObject> deleted = new ArrayList<>();
            long held = 0;
            for (ArchiveObject object : catalog.objects()) {
                if (isRetentionOver(object)) {
                    // asked for each object: a hold can be set while the run deletes
                    long kept = run.delete(object, hasHolds() ? HELD.isHeld() : "false");
                    held += kept;
                    if (kept == 0) {
                        deleted.add(object);
                    }
                }
            }
            return new Result(months, events, deleted, held);
        }
    }

    /**
     * Begins a run that changes events of the archive.
     *
     * @throws ArchiveException if another process uses the archive
     */
    public ArchiveRun begin() {
        return ArchiveRun.begin(server, table, leaseFor);
    }

    private boolean hasHolds() {
        return !server.query("SELECT 1 FROM tidings.legal_holds FINAL WHERE held LIMIT 1")
                .isEmpty();
    }

    /** Returns all objects, the oldest month first. */
    public List<ArchiveObject> objects() {
        return catalog.objects();
    }

    /**
     * Reads an object and compares it with the catalog.
     *
     * @throws ArchiveException if it differs
     */
    public void verify(ArchiveObject object) {
        table.requireWritten(server, object);
    }

    private List<YearMonth> dueMonths() {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        Instant quietSince = clock.instant().minus(quietFor);
        List<YearMonth> due = new ArrayList<>();
        for (GenericRecord row : server.query("SELECT partition_id, toString(toUnixTimestamp(max(modification_time)))"
                + " FROM system.parts WHERE database = 'tidings' AND table = 'events' AND active AND rows > 0"
                + " GROUP BY partition_id ORDER BY partition_id")) {
            YearMonth month = YearMonth.parse(row.getString(1), DateTimeFormatter.ofPattern("yyyyMM"));
            Instant changedAt = Instant.ofEpochSecond(Long.parseLong(row.getString(2)));
            if (!config.isDue(month, now)) {
                break;
            }
            if (changedAt.isAfter(quietSince)) {
                break; // later months stay, too, so that the archive has the oldest events of each conversation
            }
            due.add(month);
        }
        return due;
    }

    private boolean isRetentionOver(ArchiveObject object) {
        long endMillis = object.month()
                .plusMonths(1)
                .atDay(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
        return ArchiveBucket.of(object.kind())
                .kind()
                .filter((RetentionClass kind) -> retention.isOver(kind, endMillis, clock.millis()))
                .isPresent();
    }
}
