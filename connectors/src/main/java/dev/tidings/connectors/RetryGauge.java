package dev.tidings.connectors;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Registers metrics of a task: consecutive failures, 0 while all is well. */
public final class RetryGauge {

    private RetryGauge() {}

    /** Registers the failures of writes. */
    public static void register(SinkTaskContext context, IntSupplier failures) {
        register(context, "write-failures-in-a-row", "Writes that failed since the last one that succeeded", failures);
    }

    /** Registers the failures of other work. */
    public static void register(SinkTaskContext context, String name, String description, IntSupplier failures) {
        PluginMetrics metrics = context.pluginMetrics();
        Gauge<Integer> gauge = (config, now) -> failures.getAsInt();
        metrics.addMetric(metrics.metricName(name, description, new LinkedHashMap<>(Map.of())), gauge);
    }
}
