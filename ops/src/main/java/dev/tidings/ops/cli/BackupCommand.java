package dev.tidings.ops.cli;

import dev.tidings.ops.backup.BackupDirectory;
import dev.tidings.ops.backup.BackupException;
import dev.tidings.ops.erasure.LogErasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings backup}: copies the data directory of a stopped all-in-one. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Backs up the data directory of tidings up or backends, which must be stopped: the log, Redis, ClickHouse and the"
                    + " secrets. Files that have not changed since the last backup in BACKUPS are hard links, so each further"
                    + " backup costs the changes only.",
            "Each backup is a directory of its own in BACKUPS, with SHA-256 sums. Restore it with tidings restore."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the backup is not possible or has failed", "2:wrong usage"})
final class BackupCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data directory.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path data;

    @Parameters(paramLabel = "BACKUPS", description = "Directory of backups; is created if it does not exist.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path backups;

    @Override
    public Integer call() throws IOException {
        Path source = data.toAbsolutePath().normalize();
        if (!Files.isDirectory(source)) {
            throw new CannotRunException(source + " does not exist");
        }
        if (backups.toAbsolutePath().normalize().startsWith(source)) {
            throw new CannotRunException("backups cannot be inside of " + source);
        }
        try (DataDirectory held = DataDirectory.of(source)) {
            if (LogErasure.isPending(held.path().resolve("kafka"))) {
                throw new CannotRunException(
                        "the log in " + source + " has words of erased messages or users, which the backup"
                                + " would keep: start tidings up or backends with --data " + source
                                + " once, which removes them, stop it, and back up then");
            }
            BackupDirectory.Result result =
                    new BackupDirectory(backups).backUp(held.path(), Instant.now(), this::print);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: %d files, %d MB, of which %d MB were copied%n",
                            result.directory(), result.files(), result.bytes() >> 20, result.copiedBytes() >> 20);
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        } catch (BackupException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()));
        }
    }

    private void print(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
