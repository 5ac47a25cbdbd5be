package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.RunningSystem;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidings backends}: what the roles need, for running them as processes of their own. */
@Command(
        name = "backends",
        description = "Runs Kafka, Redis and ClickHouse with the topics, and no role: start those as processes of their"
                + " own with tidings gateway, processors and connectors.",
        mixinStandardHelpOptions = true)
final class BackendsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep data here, for the next start too. Default: a" + " temporary folder, gone afterwards.")
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        try (DataDirectory directory = DataDirectory.of(data)) {
            LogFile.in(directory.path());
            ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getOut());
            progress.note("data in " + directory.path());
            AllInOne running = AllInOne.startBackends(settings.given(), directory.path(), progress);
            try (RunningSystem published = RunningSystem.publish(SettingsOptions.runDirectory(), running.settings())) {
                progress.addresses(running.settings());
                return UntilStopped.run(running, running.failed());
            }
        }
    }
}
