package dev.tidings.ops.cli;

import com.clickhouse.client.api.ClickHouseException;
import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.archive.ArchiveException;
import dev.tidings.connectors.archive.ArchiveObject;
import dev.tidings.connectors.archive.EventArchive;
import dev.tidings.ops.connect.ConnectorsConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings archive}: moves old months of events to object storage, lists the objects and verifies them. */
@Command(
        name = "archive",
        description =
                "Moves old months of events from ClickHouse to object storage (archive.s3-url). The connectors do the same"
                        + " every hour.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ArchiveCommand {

    private static final int MAX_QUIET_MINUTES = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "Archives all months that are due, and deletes objects whose retention has ended. An interrupted run is"
                            + " completed by the next one.")
    int run(
            @Mixin SettingsOptions settings,
            @Option(
                            names = "--quiet-minutes",
                            paramLabel = "N",
                            defaultValue = "60",
                            description =
                                    "A month stays while its rows have changed in the last N minutes. Default: ${DEFAULT-VALUE}.")
                    int quietMinutes) {
        if (quietMinutes < 0 || quietMinutes > MAX_QUIET_MINUTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--quiet-minutes is " + quietMinutes + "; 0 to " + MAX_QUIET_MINUTES + " are allowed");
        }
        return with(settings, Duration.ofMinutes(quietMinutes), archive -> {
            EventArchive.Result result = archive.run();
            print("archived " + result.months().size() + " months with " + result.events() + " events");
            result.months().forEach(month -> print("  " + month));
            result.deleted().forEach(object -> print("deleted " + object.name()));
            if (result.held() > 0) {
                print("kept " + result.held() + " events past their retention: legal holds protect them");
            }
            return CommandLine.ExitCode.OK;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Prints one line for each object, the oldest month first: name, events, checksum.")
    int list(@Mixin SettingsOptions settings) {
        return with(settings, Duration.ZERO, archive -> {
            archive.objects()
                    .forEach(object -> print(
                            object.name() + '\t' + object.events() + '\t' + Long.toUnsignedString(object.checksum())));
            return CommandLine.ExitCode.OK;
        });
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Reads every object and compares it with the catalog. Exit code 1 if one is missing or damaged.")
    int verify(@Mixin SettingsOptions settings) {
        return with(settings, Duration.ZERO, archive -> {
            List<ArchiveObject> objects = archive.objects();
            int damaged = 0;
            for (ArchiveObject object : objects) {
                try {
                    archive.verify(object);
                } catch (ArchiveException | ClickHouseException e) {
                    damaged++;
                    print("damaged " + object.name() + ": " + e.getMessage());
                }
            }
            print(objects.size() + " objects, " + damaged + " damaged");
            return damaged == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        });
    }

    private int with(SettingsOptions settings, Duration quietFor, ToIntFunction<EventArchive> work) {
        ConnectorsConfig config = ConnectorsConfig.from(settings.givenOrRunning());
        ArchiveConfig archive = config.archive();
        if (archive == null) {
            throw new CannotRunException("there is no archive: archive.s3-url is not set");
        }
        try (ArchiveClient server = new ArchiveClient(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster())) {
            return work.applyAsInt(
                    new EventArchive(server, archive, config.retention(), InstantSource.system(), quietFor));
        } catch (ArchiveException | ClickHouseException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()));
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
