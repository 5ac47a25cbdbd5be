package dev.tidings.ops.monitoring;

import dev.tidings.gateway.monitoring.HealthListener;
import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.schemas.settings.Settings;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.List;
import java.util.function.Supplier;

/**
 * The configuration of the port for health and metrics of a role without clients.
 *
 * @param key the setting of the port
 * @param port 0: there is none
 */
public record HealthPort(String key, String host, int port) {

    private static final String ALL_ADDRESSES = "0.0.0.0";
    private static final int NONE = 0;

    public static HealthPort ofProcessors(Settings settings) {
        return new HealthPort(
                "processors.health-port",
                settings.text("processors.health-host", ALL_ADDRESSES),
                settings.integer("processors.health-port", NONE, 0, 65_535));
    }

    public static HealthPort ofConnectors(Settings settings) {
        return new HealthPort(
                "connectors.health-port",
                settings.text("connectors.health-host", ALL_ADDRESSES),
                settings.integer("connectors.health-port", NONE, 0, 65_535));
    }

    /** Whether the settings name a port. */
    public boolean isSet() {
        return port != NONE;
    }

    /**
     * Opens the port, if there is one.
     *
     * @param missing the reasons why the role is not ready; empty: it is ready
     * @return closes the port
     */
    public AutoCloseable open(Supplier<List<String>> missing, List<MultiCollector> collectors) {
        return port == NONE
                ? () -> {}
                : HealthListener.open(key, host, port, missing, ProcessMetrics.jvm(), collectors);
    }
}
