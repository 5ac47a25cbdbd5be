package dev.tidings.connectors.clickhouse;

import static java.util.Objects.requireNonNull;

import dev.tidings.connectors.Backoff;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.PoisonRecords;
import dev.tidings.connectors.RetryGauge;
import dev.tidings.connectors.SinkVersion;
import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.clickhouse.row.LegalHoldRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of its topics to ClickHouse as rows, in one insert per table and {@code put}. A put
 * returns when each of its records is stored or reported as poison; until then Connect delivers the same batch again and
 * commits no offset.
 */
public final class ClickHouseSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(ClickHouseSinkTask.class);

    /** An unlisted error counts as temporary for this many attempts, then as the fault of a row: see {@link RowWriter}. */
    private static final int UNLISTED_FAILURES_UNTIL_BISECTION = 3;

    /** Exactly one task has this partition. */
    private static final TopicPartition HOUSEKEEPING_PARTITION =
            new TopicPartition(Topics.CONVERSATION_EVENTS.name(), 0);

    private @Nullable ClickHouseSinkConfig config;
    private @Nullable ClickHouse clickHouse;
    private @Nullable PoisonRecords poisonRecords;
    private volatile @Nullable Housekeeping housekeeping;
    private RetentionPolicy retention = RetentionPolicy.FOR_EVER;
    private Backoff backoff = new Backoff(0);
    private boolean migrated;
    private int unlistedFailures;

    @Override
    public String version() {
        return SinkVersion.read();
    }

    /** Migrates the schema and sets the retention if ClickHouse can be reached; otherwise the first put does. */
    @Override
    public void start(Map<String, String> properties) {
        config = new ClickHouseSinkConfig(properties);
        retention = config.retention();
        backoff = new Backoff(config.retryBackoffMillis());
        RetryGauge.register(context, () -> backoff.failures());
        RetryGauge.register(
                context,
                "archive-failures-in-a-row",
                "Runs of retention and archive that failed since the last one that succeeded",
                this::housekeepingFailures);
        poisonRecords = PoisonRecords.of(context);
        clickHouse =
                ClickHouse.at(config.url(), config.user(), config.password(), config.timeoutMillis(), config.cluster());
        try {
            migrate(clickHouse);
        } catch (RuntimeException e) {
            if (FailureKind.of(e) == FailureKind.MAY_PASS) {
                LOG.warn("clickhouse not reachable yet url={} reason={}", config.url(), e.toString());
            } else {
                stop();
                throw new ConnectException("ClickHouse's schema cannot be brought up to date: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (!Batch.TOPICS.contains(partition.topic())) {
                throw new ConnectException("the ClickHouse sink does not know what to do with topic "
                        + partition.topic() + "; it reads " + Batch.TOPICS);
            }
        }
        if (partitions.contains(HOUSEKEEPING_PARTITION) && housekeeping == null) {
            housekeeping = Housekeeping.start(requireNonNull(config, "start was not called"));
        }
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (partitions.contains(HOUSEKEEPING_PARTITION)) {
            stopHousekeeping();
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (records.isEmpty() && migrated) {
            return;
        }
        long remainingMillis = backoff.remainingMillis();
        if (remainingMillis > 0) {
            context.timeout(remainingMillis);
            throw new RetriableException("the batch waits for its next attempt");
        }
        ClickHouse server = requireNonNull(clickHouse, "start was not called");
        try {
            migrate(server);
            store(server, Batch.of(records));
        } catch (RuntimeException e) {
            throw asConnectSays(e, records.size());
        }
        unlistedFailures = 0;
        if (backoff.failures() > 0) {
            LOG.info("clickhouse recovered failures={} records={}", backoff.failures(), records.size());
            backoff.succeeded();
        }
    }

    @Override
    public void stop() {
        stopHousekeeping();
        if (clickHouse != null) {
            clickHouse.close();
            clickHouse = null;
        }
    }

    private int housekeepingFailures() {
        Housekeeping running = housekeeping;
        return running == null ? 0 : running.failures();
    }

    private void stopHousekeeping() {
        Housekeeping running = housekeeping;
        if (running != null) {
            running.close();
            housekeeping = null;
        }
    }

    private void migrate(ClickHouse server) {
        if (!migrated) {
            ClickHouseCluster cluster =
                    requireNonNull(config, "start was not called").cluster();
            Migrations.bundled().apply(server, cluster);
            TableTtl.apply(server, cluster, retention, this::recordEnding);
            migrated = true;
        }
    }

    /** Reads all of the events that end, which may take longer than an insert. */
    private void recordEnding() {
        ClickHouseSinkConfig known = requireNonNull(config, "start was not called");
        try (ArchiveClient server = new ArchiveClient(known.url(), known.user(), known.password(), known.cluster())) {
            var _ = DeletedRanges.record(server, retention);
        }
    }

    private void store(ClickHouse server, Batch batch) {
        RowWriter writer = new RowWriter(
                (table, rows) -> insert(server, table, rows),
                unlistedFailures >= UNLISTED_FAILURES_UNTIL_BISECTION ? server::insertNothing : RowWriter.NO_PROBE);
        List<PoisonRecord> poison = new ArrayList<>(batch.poison());
        batch.rows().forEach((table, rows) -> writer.write(table, rows, poison::add));
        // Only now: a batch that is brought again must not report its poison again. A record counts once, whichever
        // of its rows were refused.
        Map<SinkRecord, PoisonRecord> once = new LinkedHashMap<>();
        poison.forEach(one -> once.putIfAbsent(one.record(), one));
        requireNonNull(poisonRecords).report(List.copyOf(once.values()));
    }

    private void insert(ClickHouse server, Table table, List<Row> rows) {
        DeletedRanges.ofRows(rows, retention, System.currentTimeMillis()).forEach(server::execute);
        server.insert(table, rows);
        ChangedMessages.statements(rows).forEach(server::execute);
        if (rows.stream().anyMatch(row -> row instanceof LegalHoldRow hold && !hold.held())) {
            TableTtl.evaluateAgain(
                    server, requireNonNull(config, "start was not called").cluster(), retention);
        }
    }

    private ConnectException asConnectSays(RuntimeException failure, int records) {
        FailureKind kind = FailureKind.of(failure);
        if (kind == FailureKind.UNLISTED) {
            unlistedFailures++;
        }
        boolean isWorthAnotherAttempt = kind == FailureKind.MAY_PASS
                || kind == FailureKind.UNLISTED && unlistedFailures <= UNLISTED_FAILURES_UNTIL_BISECTION;
        if (isWorthAnotherAttempt) {
            long waitMillis = backoff.afterFailureMillis();
            context.timeout(waitMillis);
            LOG.warn(
                    "clickhouse write failed, will try again failures={} wait_ms={} records={} reason={}",
                    backoff.failures(),
                    waitMillis,
                    records,
                    failure.toString());
            return new RetriableException("ClickHouse did not take the batch: " + failure.getMessage(), failure);
        }
        return new ConnectException("ClickHouse refuses writes: " + failure.getMessage(), failure);
    }
}
