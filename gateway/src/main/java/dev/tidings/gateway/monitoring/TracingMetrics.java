package dev.tidings.gateway.monitoring;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** Counts of exported and dropped spans, by service, from the MBeans of the exporters. Absent while traces are off. */
final class TracingMetrics {

    private static final Map<String, String> ATTRIBUTE_BY_METRIC =
            Map.of("tidings_tracing_exported_spans", "ExportedSpans", "tidings_tracing_dropped_spans", "DroppedSpans");

    private TracingMetrics() {}

    static void addTo(MetricSnapshots.Builder snapshots) {
        ATTRIBUTE_BY_METRIC.forEach((metric, attribute) -> {
            Map<String, Long> sums = sums(attribute);
            if (!sums.isEmpty()) {
                CounterSnapshot.Builder counter = CounterSnapshot.builder().name(metric);
                sums.forEach((service, sum) -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(Labels.of("service", service))
                        .value(sum)
                        .build()));
                snapshots.metricSnapshot(counter.build());
            }
        });
    }

    private static Map<String, Long> sums(String attribute) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Map<String, Long> sums = new TreeMap<>();
        for (ObjectName exporter : server.queryNames(exporters(), null)) {
            try {
                if (server.getAttribute(exporter, attribute) instanceof Long count) {
                    sums.merge(exporter.getKeyProperty("service"), count, Long::sum);
                }
            } catch (JMException e) {
                // closed meanwhile
            }
        }
        return sums;
    }

    private static ObjectName exporters() {
        try {
            return new ObjectName("dev.tidings:type=tracing,*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
