package dev.tidings.ops.cli;

import dev.tidings.ops.backup.BackupDirectory;
import dev.tidings.ops.backup.BackupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings restore}: makes a data directory from a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Restores a backup into a new data directory, and compares each file with its SHA-256 sum.",
            "Then start tidings up --data DIR, and compare the copies with the log by tidings verify. Messages after the"
                    + " backup are lost."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the restore is not possible or has failed; DIR is not created", "2:wrong usage"})
final class RestoreCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The data directory to create; must not exist, or be empty.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path data;

    @Option(names = "--backup", paramLabel = "NAME", description = "The backup to restore. Default: the newest.")
    private @Nullable String name;

    @Parameters(paramLabel = "BACKUPS", description = "Directory of backups.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path backups;

    @Override
    public Integer call() throws IOException {
        try {
            BackupDirectory.Result result = new BackupDirectory(backups)
                    .restore(name, data.toAbsolutePath().normalize(), this::print);
            spec.commandLine()
                    .getOut()
                    .printf("%s: %d files, %d MB%n", result.directory(), result.files(), result.bytes() >> 20);
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
