package dev.tidings.ops.cli;

import dev.tidings.ops.bench.RunningServer;
import dev.tidings.ops.logging.LogSettings;
import dev.tidings.ops.run.KnownKeys;
import dev.tidings.ops.run.RunningSystem;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reads the settings of a command: from the environment, then the file, then the running system of this checkout. */
final class SettingsOptions {

    private static final String HOME = "tidings.home";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties file; every key can also be set in the environment"
                    + " (gateway.http-port as TIDINGS_GATEWAY_HTTP_PORT).")
    private @Nullable Path file;

    /**
     * Returns the settings of the environment and the file.
     *
     * @throws SettingsException if the file cannot be read, or has an unknown key
     */
    Settings given() {
        Settings given = Settings.load(file, System.getenv());
        KnownKeys.load().check(given);
        return given;
    }

    /** Returns {@link #given()}, after it has configured the log by them. */
    Settings ofRole(String role) {
        Settings given = given();
        LogSettings.from(given).apply(role);
        return given;
    }

    /** Returns {@link #ofRole}, completed by the settings of the running system. */
    Settings ofRoleOrRunning(String role) {
        return ofRole(role).withDefaults(RunningSystem.find(runDirectory()));
    }

    /** Returns the settings of the environment and the file, completed by those of the running system. */
    Settings givenOrRunning() {
        return given().withDefaults(RunningSystem.find(runDirectory()));
    }

    /** The directory in which running systems of this checkout publish their settings. */
    static Path runDirectory() {
        return Path.of(System.getProperty(HOME, ".")).resolve(".tidings").resolve("run");
    }

    /** Returns the running all-in-one of this checkout, if one with a gateway runs. */
    static Optional<RunningServer> runningServer() {
        Settings published = Settings.of(RunningSystem.find(runDirectory()));
        String url = published.find("gateway.url");
        OptionalLong pid = RunningSystem.findPid(runDirectory());
        return url == null || pid.isEmpty()
                ? Optional.empty()
                : Optional.of(new RunningServer(
                        URI.create(url),
                        pid.getAsLong(),
                        published.required("kafka.bootstrap-servers"),
                        published.under("kafka.client.")));
    }
}
