package dev.tidings.connectors;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Registers a metric of a task: consecutive failed writes, 0 while all is well. */
public final class RetryGauge {

    private static final String NAME = "write-failures-in-a-row";

    private RetryGauge() {}

    public static void register(SinkTaskContext context, IntSupplier failures) {
        PluginMetrics metrics = context.pluginMetrics();
        Gauge<Integer> gauge = (config, now) -> failures.getAsInt();
        metrics.addMetric(
                metrics.metricName(
                        NAME, "Writes that failed since the last one that succeeded", new LinkedHashMap<>(Map.of())),
                gauge);
    }
}
