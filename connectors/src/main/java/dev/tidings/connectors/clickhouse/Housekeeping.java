package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.archive.EventArchive;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives old months and records what the retention deletes, every hour, with a thread and a client of its own. Failed work is tried
 * again after a minute. For a moment after a rebalance two processes may do the work at once; only one of them archives.
 */
final class Housekeeping implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
    /** A rebuild of ClickHouse fills old months for longer than a pause between two of its inserts. */
    private static final Duration QUIET_BEFORE_ARCHIVING = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ArchiveClient server;
    private final Runnable work;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("clickhouse-housekeeping").factory());

    /** The time of the last success; null: none. Used by the thread only. */
    private @Nullable Long succeededAtNanos;

    private volatile int failures;

    private Housekeeping(ArchiveClient server, Runnable work) {
        this.server = server;
        this.work = work;
    }

    /** Starts the work at once. */
    static Housekeeping start(ClickHouseSinkConfig config) {
        ArchiveClient server = new ArchiveClient(config.url(), config.user(), config.password(), config.cluster());
        Optional<EventArchive> archive = config.archive()
                .map(archived -> new EventArchive(
                        server, archived, config.retention(), InstantSource.system(), QUIET_BEFORE_ARCHIVING));
        Housekeeping housekeeping = new Housekeeping(server, () -> {
            if (DeletedRanges.record(server, config.retention())) {
                TableTtl.evaluateAgain(server, config.cluster(), config.retention());
            }
            archive.ifPresent(EventArchive::run);
        });
        var _ = housekeeping.thread.scheduleWithFixedDelay(
                housekeeping::runIfDue, 0, RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        return housekeeping;
    }

    /** Returns the number of failures since the last success. */
    int failures() {
        return failures;
    }

    /** Interrupts the work and does not wait for it. */
    @Override
    public void close() {
        thread.shutdownNow();
        server.close();
    }

    private void runIfDue() {
        Long last = succeededAtNanos;
        if (last != null && System.nanoTime() - last < PERIOD.toNanos()) {
            return;
        }
        try {
            work.run();
            succeededAtNanos = System.nanoTime();
            failures = 0;
        } catch (RuntimeException e) {
            failures++;
            LOG.warn("housekeeping of clickhouse failed, will try again failures={}", failures, e);
        }
    }
}
