package dev.tidings.gateway.monitoring;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.Objects;

/**
 * Metrics of this process under Prometheus' usual names: processor time, open files, start time, and the version ({@code
 * tidings_build_info}).
 */
public final class ProcessMetrics implements MultiCollector {

    private static final String NO_VERSION = "development";

    private final String role;

    /** @param role the role of the process, a label of the version */
    public ProcessMetrics(String role) {
        this.role = role;
    }

    /** Returns a new registry with the metrics of the JVM's memory and collectors. */
    public static MetricRegistry jvm() {
        MetricRegistry metrics = new MetricRegistry();
        registerJvm(metrics);
        return metrics;
    }

    /** Adds the metrics of the JVM's memory and collectors. */
    public static void registerJvm(MetricRegistry metrics) {
        metrics.register("jvm.gc", new GarbageCollectorMetricSet());
        metrics.register("jvm.memory", new MemoryUsageGaugeSet());
    }

    /** Returns the version of the packaged program; {@code development} if it does not run from a jar. */
    public static String version() {
        return Objects.requireNonNullElse(ProcessMetrics.class.getPackage().getImplementationVersion(), NO_VERSION);
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder()
                .metricSnapshot(buildInfo())
                .metricSnapshot(gauge(
                        "process_start_time_seconds",
                        ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            snapshots
                    .metricSnapshot(cpuSeconds(system))
                    .metricSnapshot(gauge("process_open_fds", system.getOpenFileDescriptorCount()))
                    .metricSnapshot(gauge("process_max_fds", system.getMaxFileDescriptorCount()));
        }
        TracingMetrics.addTo(snapshots);
        return snapshots.build();
    }

    private InfoSnapshot buildInfo() {
        return InfoSnapshot.builder()
                .name("tidings_build")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "role", role, "version", version(), "java", System.getProperty("java.version", "")))
                        .build())
                .build();
    }

    private static CounterSnapshot cpuSeconds(UnixOperatingSystemMXBean system) {
        return CounterSnapshot.builder()
                .name("process_cpu_seconds")
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(system.getProcessCpuTime() / 1e9)
                        .build())
                .build();
    }

    private static GaugeSnapshot gauge(String name, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }
}
