package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
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
        return new LocalSystem(spec.commandLine().getOut(), data).run(settings.given(), AllInOne::startBackends);
    }
}
