package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to the archive, which at most one process has (decision 71). ClickHouse has no locks, but creates a table of a name
 * only once: the newest table {@code archive_lease_<number>} is the present lease, and its comment is the time at which it ends.
 *
 * <p>Each statement checks before that no other process has taken over the lease. A statement that runs longer than the lease can still
 * run when another process has it; so an object has a number that {@link #nextNumber} returns only once, and none is written twice.
 */
final class ArchiveLease implements ArchiveServer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveLease.class);

    private static final String PREFIX = "archive_lease_";
    private static final String IS_LEASE = "database = 'tidings' AND startsWith(name, '" + PREFIX + "')";

    private final ArchiveServer server;
    private final Duration duration;
    private int number;
    private long renewedNanos;

    private ArchiveLease(ArchiveServer server, Duration duration) {
        this.server = server;
        this.duration = duration;
    }

    /** @param number 0: there has been no lease */
    private record Newest(int number, long endMillis, long nowMillis) {}

    /**
     * Takes the lease.
     *
     * @param duration for which no other process can take it after the last statement or renewal
     * @throws ArchiveException if another process has it
     */
    static ArchiveLease acquire(ArchiveServer server, Duration duration) {
        Newest newest = newest(server);
        if (newest.endMillis() > newest.nowMillis()) {
            throw new ArchiveException("another process uses the archive, until "
                    + Instant.ofEpochMilli(newest.endMillis()) + " at the latest; try again later");
        }
        // a ClickHouse that was restored may have objects and no lease
        int written = Integer.parseInt(server.query("SELECT toString(max(generation)) FROM tidings.archive_objects")
                .getFirst()
                .getString(1));
        ArchiveLease lease = new ArchiveLease(server, duration);
        lease.take(Math.max(newest.number(), written) + 1, newest.nowMillis());
        return lease;
    }

    /** Returns a number that no object has. It is greater than all before. */
    int nextNumber() {
        requireHeld();
        take(number + 1, newest(server).nowMillis());
        return number;
    }

    /** @throws ArchiveException if another process has taken over the lease */
    @Override
    public void execute(String sql) {
        renew();
        server.execute(sql);
    }

    /**
     * Renews the lease once half of its duration has passed.
     *
     * @throws ArchiveException if another process has taken over the lease
     */
    void renew() {
        requireHeld();
        if (duration.isPositive() && System.nanoTime() - renewedNanos > duration.toNanos() / 2) {
            setEnd(newest(server).nowMillis() + duration.toMillis());
        }
    }

    @Override
    public List<GenericRecord> query(String sql) {
        return server.query(sql);
    }

    /** Ends the lease, so that another process need not wait. */
    @Override
    public void close() {
        try {
            if (newest(server).number() == number) {
                setEnd(0);
            }
        } catch (RuntimeException e) {
            LOG.warn("archive lease not released ends_after={} reason={}", duration, e.toString());
        }
    }

    /** The condition that no other process has taken over the lease, in SQL: for statements that have no effect then. */
    String isHeld() {
        return "(SELECT max(" + numberOf("name") + ") FROM system.tables WHERE " + IS_LEASE + ") = " + number;
    }

    /** @throws ArchiveException if another process has taken over the lease */
    void requireHeld() {
        if (newest(server).number() != number) {
            throw new ArchiveException("another process has taken over the archive; run again later");
        }
    }

    private void take(int next, long nowMillis) {
        try {
            server.execute("CREATE TABLE " + table(next) + " (held UInt8 COMMENT 'No rows') ENGINE = Null COMMENT '"
                    + (nowMillis + duration.toMillis()) + '\'');
        } catch (RuntimeException e) {
            if (newest(server).number() >= next) {
                throw new ArchiveException("another process has taken the archive; try again later");
            }
            throw e;
        }
        number = next;
        renewedNanos = System.nanoTime();
        for (GenericRecord older : server.query("SELECT name FROM system.tables WHERE " + IS_LEASE + " AND "
                + numberOf("name") + " < " + next + " ORDER BY name")) {
            server.execute("DROP TABLE IF EXISTS tidings." + older.getString(1) + " SYNC");
        }
    }

    private void setEnd(long endMillis) {
        server.execute("ALTER TABLE " + table(number) + " MODIFY COMMENT '" + endMillis + '\'');
        renewedNanos = System.nanoTime();
    }

    private static Newest newest(ArchiveServer server) {
        GenericRecord row = server.query("SELECT toString(max(" + numberOf("name") + ")), argMax(comment, "
                        + numberOf("name")
                        + "), toString(toUnixTimestamp64Milli(now64(3))) FROM system.tables WHERE " + IS_LEASE)
                .getFirst();
        String end = row.getString(2);
        return new Newest(
                Integer.parseInt(row.getString(1)),
                end.isEmpty() ? 0 : Long.parseLong(end),
                Long.parseLong(row.getString(3)));
    }

    private static String numberOf(String column) {
        return "toUInt32OrZero(substring(" + column + ", " + (PREFIX.length() + 1) + "))";
    }

    private static String table(int number) {
        return "tidings." + PREFIX + String.format(Locale.ROOT, "%06d", number);
    }
}
