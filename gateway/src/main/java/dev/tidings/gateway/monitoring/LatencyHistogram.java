package dev.tidings.gateway.monitoring;

import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in fixed buckets. Unlike quantiles, the buckets of several processes can be added up. Thread-safe.
 */
public final class LatencyHistogram implements Metric {

    /** Upper bounds in seconds. The last bucket has none. */
    private static final double[] UPPER_BOUNDS = {
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, Double.POSITIVE_INFINITY
    };

    private static final double NANOS_PER_SECOND = 1e9;

    private final LongAdder[] counts = new LongAdder[UPPER_BOUNDS.length];
    private final LongAdder sumNanos = new LongAdder();

    private LatencyHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * Registers a new histogram.
     *
     * @param name with points for underscores; its last part is {@code seconds}
     * @throws IllegalArgumentException if the name is taken
     */
    public static LatencyHistogram register(MetricRegistry metrics, String name) {
        return metrics.register(name, new LatencyHistogram());
    }

    /** Counts the time from then until now. */
    public void updateSince(long startNanos) {
        update(System.nanoTime() - startNanos);
    }

    /** Counts one duration. */
    public void update(long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        int bucket = 0;
        while (seconds > UPPER_BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(nanos);
    }

    /** Returns how many durations of at most this long were counted; a bound of a bucket. */
    public long countUpTo(double seconds) {
        long count = 0;
        for (int i = 0; i < counts.length && UPPER_BOUNDS[i] <= seconds; i++) {
            count += counts[i].sum();
        }
        return count;
    }

    HistogramSnapshot snapshot(String name) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(UPPER_BOUNDS[i], counts[i].sum());
        }
        return HistogramSnapshot.builder()
                .name(PrometheusNaming.prometheusName(PrometheusNaming.sanitizeMetricName(name)))
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(sumNanos.sum() / NANOS_PER_SECOND)
                        .build())
                .build();
    }
}
