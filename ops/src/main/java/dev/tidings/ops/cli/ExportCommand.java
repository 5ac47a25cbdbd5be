package dev.tidings.ops.cli;

import dev.tidings.ops.erasure.ErasureLog;
import dev.tidings.ops.export.UserExport;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.AuditRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings export}: writes the data of a user to a file. */
@Command(
        name = "export",
        description = "Writes the data of a user to a file.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ExportCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "user",
            description = {
                "Writes a zip file with JSON lines: profile, conversations, messages of the user, settings, devices, sessions and more.",
                "Messages of other users are not in it."
            },
            mixinStandardHelpOptions = true)
    int user(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Parameters(paramLabel = "USER", description = "The user id.") String userId,
            @Option(
                            names = "--output",
                            paramLabel = "FILE",
                            required = true,
                            description = "The zip file, for its owner only. It must not exist.")
                    Path file) {
        if (Refusals.checkUser(userId) != null) {
            throw usage("USER is \"" + userId + "\"; it must match [A-Za-z0-9_.-]{1,64}");
        }
        String why = reason.checked(Objects.requireNonNull(spec.subcommands().get("user")));
        Settings given = settings.givenOrRunning();
        try (UserExport export = new UserExport(given);
                OutputStream out = newPrivateFile(file)) {
            audit(given, userId, why);
            export.write(userId, out);
            return CommandLine.ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            throw usage("--output is " + file + "; this file exists already");
        } catch (IOException e) {
            throw new CannotRunException(file + " cannot be written: " + e.getMessage());
        }
    }

    /** Comes before the first read: no data of the user leaves without a record of it. */
    private static void audit(Settings settings, String userId, String reason) {
        new ErasureLog(KafkaLog.of(settings))
                .audit(ErasureLog.act(
                                "user.export",
                                BanSubject.ofUser(userId),
                                System.getProperty("user.name", ""),
                                reason,
                                Instant.now())
                        .addUserIds(userId)
                        .setResult(AuditRecord.Result.REQUESTED)
                        .build());
    }

    /** Others on this machine must not read the words of a user. */
    private static OutputStream newPrivateFile(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.newOutputStream(file);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.subcommands().get("user"), message);
    }
}
