package dev.tidings.connectors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports records that can never be stored: to Connect's errant record reporter (so to a dead-letter topic) where one is configured, and
 * always to the log and a counter ({@code poison-records-total}). It never stops the task.
 *
 * <p>A record too large for a letter is cut: see {@link DeadLetterSize}.
 *
 * <p>Connect awaits the reports before it commits offsets, so each record is either stored or reported.
 */
public final class PoisonRecords {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonRecords.class);

    private final @Nullable ErrantRecordReporter reporter;
    private final AtomicLong count = new AtomicLong();

    private PoisonRecords(@Nullable ErrantRecordReporter reporter) {
        this.reporter = reporter;
    }

    /** Uses the context's reporter, if there is one, and registers the counter. */
    public static PoisonRecords of(SinkTaskContext context) {
        PoisonRecords records = new PoisonRecords(context.errantRecordReporter());
        PluginMetrics metrics = context.pluginMetrics();
        Gauge<Long> gauge = (config, now) -> records.count();
        metrics.addMetric(
                metrics.metricName(
                        "poison-records-total", "Records that could not be stored", new LinkedHashMap<>(Map.of())),
                gauge);
        return records;
    }

    public void report(List<PoisonRecord> poison) {
        poison.forEach(one -> report(one.record(), one.reason()));
    }

    public long count() {
        return count.get();
    }

    private void report(SinkRecord record, Throwable reason) {
        count.incrementAndGet();
        LOG.warn(
                "poison record topic={} partition={} offset={} reported={} reason={}",
                record.topic(),
                record.kafkaPartition(),
                record.kafkaOffset(),
                reporter != null,
                reason.toString());
        if (reporter != null) {
            reporter.report(DeadLetterSize.fitted(record), DeadLetterSize.fitted(reason));
        }
    }
}
