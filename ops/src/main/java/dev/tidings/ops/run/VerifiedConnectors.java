package dev.tidings.ops.run;

import dev.tidings.ops.connect.ConnectWorker;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.monitoring.RoleMetrics;
import dev.tidings.ops.verify.ScheduledVerification;
import dev.tidings.schemas.settings.Settings;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.ArrayList;
import java.util.List;

/** The role {@code connectors}: the sinks, and the verification of what they have written. */
public record VerifiedConnectors(ConnectWorker sinks, ScheduledVerification verification) implements AutoCloseable {

    /** Starts the sinks and the verification. */
    public static VerifiedConnectors start(Settings settings) {
        ConnectorsConfig config = ConnectorsConfig.from(settings);
        ConnectWorker sinks = ConnectWorker.start(config);
        try {
            return new VerifiedConnectors(sinks, ScheduledVerification.start(settings, config));
        } catch (RuntimeException e) {
            sinks.close();
            throw e;
        }
    }

    /** Returns one sentence for each fault of the sinks; empty if every task runs. */
    public List<String> faults() {
        return sinks.faults();
    }

    public List<MultiCollector> metrics() {
        List<MultiCollector> metrics = new ArrayList<>(RoleMetrics.connectors());
        metrics.add(verification.metrics());
        return metrics;
    }

    @Override
    public void close() {
        verification.close();
        sinks.close();
    }
}
