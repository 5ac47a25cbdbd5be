package dev.tidings.ops.cli;

import dev.tidings.ops.monitoring.HealthPort;
import dev.tidings.ops.monitoring.MonitoredRole;
import dev.tidings.ops.run.LayoutCheck;
import dev.tidings.ops.run.StartChecks;
import dev.tidings.ops.run.VerifiedConnectors;
import dev.tidings.schemas.settings.Settings;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidings connectors}: runs the sinks in a process of their own. */
@Command(
        name = "connectors",
        description =
                "Runs the ClickHouse, Redis and push sinks in a Kafka Connect worker. Several processes share the work.",
        mixinStandardHelpOptions = true)
final class ConnectorsCommand implements Callable<Integer> {

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() throws Exception {
        Settings given = settings.ofRoleOrRunning("connectors");
        HealthPort health = HealthPort.ofConnectors(given);
        StartChecks.port(health.host(), health.port(), health.key());
        StartChecks.temporaryDirectory();
        LayoutCheck.require(given, LayoutCheck.Slots.AT_LEAST);
        return UntilStopped.run(
                () -> MonitoredRole.start(
                        () -> VerifiedConnectors.start(given),
                        connectors -> health.open(connectors::faults, connectors.metrics())),
                running -> new CompletableFuture<>());
    }
}
