package dev.tidings.ops.cli;

import dev.tidings.ops.run.AllInOne;
import dev.tidings.schemas.settings.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidings up}: runs the whole system on this machine. */
@Command(
        name = "up",
        description = "Runs the whole system on this machine: Kafka, Redis and ClickHouse unless configured elsewhere,"
                + " the topologies, the connectors and a gateway with the chat page.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Mixin
    private final DataOption data = new DataOption();

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "Port of the gateway. 0: any free one. Default: 8080.")
    private @Nullable Integer httpPort;

    @Override
    public Integer call() throws Exception {
        Settings given = settings.ofRole("up");
        if (httpPort != null) {
            given = given.with(Map.of("gateway.http-port", httpPort.toString()));
        }
        return new LocalSystem("up", spec.commandLine().getOut(), data.directory()).run(given, AllInOne::start);
    }
}
