package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
import dev.tidings.schemas.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidings up}: everything, on this machine. */
@Command(
        name = "up",
        description = "Runs everything on this machine: Kafka, Redis and ClickHouse unless configured elsewhere,"
                + " the topologies, the connectors and a gateway with the chat page.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

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

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "The gateway's port (default 8080; 0: any free one).")
    private @Nullable Integer httpPort;

    @Override
    public Integer call() throws Exception {
        Settings given = settings.given();
        if (httpPort != null) {
            given = given.with(Map.of("gateway.http-port", httpPort.toString()));
        }
        return new LocalSystem(spec.commandLine().getOut(), data).run(given, AllInOne::start);
    }
}
