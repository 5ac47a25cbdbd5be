package dev.tidings.ops.cli;

import dev.tidings.ops.run.KnownKeys;
import dev.tidings.ops.run.RunningSystem;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's settings come from: the environment, then the file, then the system that runs on this checkout. */
final class SettingsOptions {

    private static final String HOME = "tidings.home";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties file; every key can also be set in the environment"
                    + " (gateway.http-port as TIDINGS_GATEWAY_HTTP_PORT).")
    private @Nullable Path file;

    /**
     * What was said, and nothing else.
     *
     * @throws SettingsException where the file cannot be read, or names a key that does not exist
     */
    Settings given() {
        Settings given = Settings.load(file, System.getenv());
        KnownKeys.load().check(given);
        return given;
    }

    /** What was said, and for the rest what the running system says. */
    Settings givenOrRunning() {
        return given().withDefaults(RunningSystem.find(runDirectory()));
    }

    /** Where running systems of this checkout are told of. */
    static Path runDirectory() {
        return Path.of(System.getProperty(HOME, ".")).resolve(".tidings").resolve("run");
    }

    static Optional<URI> runningGatewayUrl() {
        return Optional.ofNullable(RunningSystem.find(runDirectory()).get("gateway.url"))
                .map(URI::create);
    }
}
