package dev.tidings.ops.monitoring;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Reads metrics from the MBeans of this process. A metric without an MBean is absent. */
final class MBeanMetrics implements MultiCollector {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<MBeanMetric> metrics;

    MBeanMetrics(List<MBeanMetric> metrics) {
        this.metrics = List.copyOf(metrics);
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (MBeanMetric metric : metrics) {
            Map<Map<String, String>, Double> sums = sums(metric);
            if (!sums.isEmpty()) {
                snapshots.add(metric.isCounter() ? counter(metric, sums) : gauge(metric, sums));
            }
        }
        return new MetricSnapshots(snapshots);
    }

    private Map<Map<String, String>, Double> sums(MBeanMetric metric) {
        Map<Map<String, String>, Double> sums = new HashMap<>();
        for (ObjectName bean : server.queryNames(metric.beans(), null)) {
            Map<String, String> labels = metric.labelsOf(bean);
            double value = labels == null ? Double.NaN : value(bean, metric.attribute()) * metric.scale();
            if (labels != null && !Double.isNaN(value)) {
                sums.merge(labels, value, Double::sum);
            }
        }
        return sums;
    }

    /** Returns NaN if the MBean is gone, or has no such number yet. */
    private double value(ObjectName bean, String attribute) {
        try {
            Object value = server.getAttribute(bean, attribute);
            if (value instanceof Number number) {
                return number.doubleValue();
            }
            return value != null && value.getClass().isArray() ? Array.getLength(value) : Double.NaN;
        } catch (JMException | RuntimeException e) {
            return Double.NaN; // a task or client was closed meanwhile
        }
    }

    private static MetricSnapshot counter(MBeanMetric metric, Map<Map<String, String>, Double> sums) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(metric.name());
        sums.forEach((labels, value) -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels(labels))
                .value(Math.max(0, value))
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(MBeanMetric metric, Map<Map<String, String>, Double> sums) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(metric.name());
        sums.forEach((labels, value) -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels(labels))
                .value(value)
                .build()));
        return gauge.build();
    }

    private static Labels labels(Map<String, String> values) {
        List<String> names = List.copyOf(values.keySet());
        return Labels.of(names, names.stream().map(values::get).toList());
    }
}
