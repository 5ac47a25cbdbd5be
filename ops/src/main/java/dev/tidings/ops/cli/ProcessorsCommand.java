package dev.tidings.ops.cli;

import dev.tidings.ops.monitoring.HealthPort;
import dev.tidings.ops.monitoring.MonitoredRole;
import dev.tidings.ops.monitoring.RoleMetrics;
import dev.tidings.ops.rebuild.UnfinishedRebuild;
import dev.tidings.ops.run.LayoutCheck;
import dev.tidings.ops.run.StartChecks;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.settings.Settings;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidings processors}: runs the topologies in a process of their own. */
@Command(
        name = "processors",
        description = "Runs the topologies. Several processes share the partitions; each needs its own"
                + " processors.state-directory.",
        mixinStandardHelpOptions = true)
final class ProcessorsCommand implements Callable<Integer> {

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() throws Exception {
        Settings given = settings.ofRoleOrRunning("processors");
        ProcessorsConfig config = ProcessorsConfig.from(given);
        HealthPort health = HealthPort.ofProcessors(given);
        StartChecks.port(health.host(), health.port(), health.key());
        StartChecks.temporaryDirectory();
        StartChecks.freeSpace(config.stateDirectory());
        LayoutCheck.require(given, LayoutCheck.Slots.EXACT);
        UnfinishedRebuild.requireNone(given);
        return UntilStopped.run(
                () -> MonitoredRole.start(
                        () -> StreamProcessors.start(config),
                        processors -> health.open(processors::faults, RoleMetrics.processors(config.stateDirectory()))),
                running -> new CompletableFuture<>());
    }
}
