package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidings backends}: runs the backends and creates the topics, for roles in processes of their own. */
@Command(
        name = "backends",
        description =
                "Runs Kafka, Redis and ClickHouse and creates the topics. Runs no role: start those with tidings gateway,"
                        + " processors and connectors.",
        mixinStandardHelpOptions = true)
final class BackendsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        return new LocalSystem("backends", spec.commandLine().getOut(), data.directory())
                .run(settings.ofRole("backends"), AllInOne::startBackends);
    }
}
