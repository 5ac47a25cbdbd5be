package dev.tidings.connectors.archive;

import java.time.Duration;
import java.time.YearMonth;

/**
 * A run of a process that writes to the archive. No other process writes to it meanwhile ({@link ArchiveLease}). Not thread-safe.
 */
public final class ArchiveRun implements AutoCloseable {

    private final ArchiveLease lease;
    private final ArchiveCatalog catalog;
    private final MonthExport export;
    private final ObjectRewrite rewrite;

    private ArchiveRun(ArchiveLease lease, ObjectTable table) {
        this.lease = lease;
        this.catalog = ArchiveCatalog.writing(lease, table);
        ObjectWriter writer = new ObjectWriter(lease, table, catalog);
        this.export = new MonthExport(lease, table, catalog, writer);
        this.rewrite = new ObjectRewrite(lease, table, writer);
    }

    /**
     * Completes the work of interrupted runs.
     *
     * @throws ArchiveException if another process uses the archive
     */
    static ArchiveRun begin(ArchiveServer server, ObjectTable table, Duration leaseFor) {
        ArchiveLease lease = ArchiveLease.acquire(server, leaseFor);
        try {
            lease.execute(table.create());
            ArchiveRun run = new ArchiveRun(lease, table);
            run.rewrite.recover();
            run.export.recover();
            return run;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /**
     * The result of a change.
     *
     * @param objects that were replaced
     */
    public record Changes(int objects, long events) {}

    /**
     * Renews the lease once half of its duration has passed. For a process that does other work during the run: without a renewal or
     * another statement of the run, another process can take over the archive after the duration.
     *
     * @throws ArchiveException if another process has taken over the archive
     */
    public void renew() {
        lease.renew();
    }

    /**
     * Replaces all objects that have events which the change concerns.
     *
     * @throws ArchiveException if another process has taken over the archive: it may have added objects without the change
     */
    public Changes change(EventSelection selection, EventChange change) {
        lease.renew();
        int objects = 0;
        long events = 0;
        for (ArchiveObject object : catalog.objects(selection.objectCondition())) {
            long changed = rewrite.change(object, selection.condition(), change);
            objects += changed > 0 ? 1 : 0;
            events += changed;
        }
        lease.requireHeld();
        return new Changes(objects, events);
    }

    /** Returns the number of events that left ClickHouse. */
    long export(YearMonth month) {
        return export.run(month);
    }

    /**
     * Deletes the events of an object that do not meet a condition.
     *
     * @param isKept in SQL; {@code false}: no event
     * @return the number of events that stay
     */
    long delete(ArchiveObject object, String isKept) {
        EventSummary kept = isKept.equals("false") ? new EventSummary(0, 0) : rewrite.summary(object, isKept);
        if (kept.events() == object.events()) {
            return kept.events();
        }
        catalog.recordDeleted(object);
        if (kept.events() == 0) {
            catalog.remove(object);
            catalog.empty(object);
        } else {
            rewrite.keep(object, isKept, kept);
        }
        return kept.events();
    }

    @Override
    public void close() {
        lease.close();
    }
}
