package dev.tidings.ops.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.verify.Discrepancy.Kind;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerificationMetricsTest {

    private final VerificationMetrics metrics = new VerificationMetrics(5_000);

    @Test
    void before_the_first_run_all_stores_are_equal_and_the_start_counts_as_a_run() {
        assertEquals(
                Map.of(
                        "discrepancies clickhouse events", 0.0,
                        "discrepancies clickhouse messages", 0.0,
                        "discrepancies log", 0.0,
                        "discrepancies redis", 0.0,
                        "events", 0.0,
                        "failures", 0.0,
                        "last_run_seconds", 0.0,
                        "last_run_time_seconds", 5.0,
                        "runs", 0.0),
                values());
    }

    @Test
    void discrepancies_of_all_runs_are_added_up_by_store() {
        Discrepancies found = new Discrepancies();
        found.add(Store.REDIS, Kind.MISSING, "g:a", 3);
        found.add(Store.REDIS, Kind.EXTRA, "g:a", 9);
        VerificationReport report =
                new VerificationReport(List.of(new VerificationReport.PartitionResult(0, 1, 40, 30, 1, 5, 0)), found);

        metrics.completed(report, 60_000, 2_000_000_000L);
        metrics.completed(report, 90_000, 1_500_000_000L);
        metrics.failed();

        Map<String, Double> values = values();
        assertEquals(4, values.get("discrepancies redis"));
        assertEquals(0, values.get("discrepancies log"));
        assertEquals(80, values.get("events"));
        assertEquals(2, values.get("runs"));
        assertEquals(1, values.get("failures"));
        assertEquals(90, values.get("last_run_time_seconds"));
        assertEquals(1.5, values.get("last_run_seconds"));
    }

    private Map<String, Double> values() {
        Map<String, Double> values = new TreeMap<>();
        metrics.collect()
                .forEach(metric -> metric.getDataPoints().forEach(point -> {
                    String name = metric.getMetadata().getName().substring("tidings_connectors_verify_".length());
                    String store = point.getLabels().get("store");
                    values.put(store == null ? name : name + ' ' + store, value(point));
                }));
        return values;
    }

    private static double value(DataPointSnapshot point) {
        return point instanceof CounterDataPointSnapshot counter
                ? counter.getValue()
                : ((GaugeDataPointSnapshot) point).getValue();
    }
}
