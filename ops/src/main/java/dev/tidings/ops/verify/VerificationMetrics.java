package dev.tidings.ops.verify;

import dev.tidings.ops.verify.Discrepancy.Kind;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.Map;

/** Metrics of a repeated verification. Thread-safe. */
final class VerificationMetrics {

    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String PREFIX = "tidings_connectors_verify_";

    private final Map<Store, Long> discrepancies = new EnumMap<>(Store.class);
    private long lastRunMillis;
    private long lastRunNanos;
    private long runs;
    private long failures;
    private long events;

    /** @param startMillis the time of the start, which counts as that of a run until there is one */
    VerificationMetrics(long startMillis) {
        this.lastRunMillis = startMillis;
        for (Store store : Store.values()) {
            discrepancies.put(store, 0L);
        }
    }

    synchronized void completed(VerificationReport report, long nowMillis, long tookNanos) {
        runs++;
        lastRunMillis = nowMillis;
        lastRunNanos = tookNanos;
        events += report.events();
        for (Store store : Store.values()) {
            for (Kind kind : Kind.values()) {
                discrepancies.merge(store, report.count(store, kind), Long::sum);
            }
        }
    }

    synchronized void failed() {
        failures++;
    }

    synchronized MetricSnapshots collect() {
        CounterSnapshot.Builder found = CounterSnapshot.builder().name(PREFIX + "discrepancies");
        discrepancies.forEach((store, count) -> found.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of("store", store.label()))
                .value(count)
                .build()));
        return MetricSnapshots.builder()
                .metricSnapshot(counter("runs", runs))
                .metricSnapshot(counter("failures", failures))
                .metricSnapshot(counter("events", events))
                .metricSnapshot(found.build())
                .metricSnapshot(gauge("last_run_time_seconds", lastRunMillis / MILLIS_PER_SECOND))
                .metricSnapshot(gauge("last_run_seconds", lastRunNanos / NANOS_PER_SECOND))
                .build();
    }

    private static CounterSnapshot counter(String name, long value) {
        return CounterSnapshot.builder()
                .name(PREFIX + name)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }

    private static GaugeSnapshot gauge(String name, double value) {
        return GaugeSnapshot.builder()
                .name(PREFIX + name)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }
}
