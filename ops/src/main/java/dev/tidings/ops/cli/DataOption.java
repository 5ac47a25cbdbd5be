package dev.tidings.ops.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --data} of commands that keep data on this machine. */
final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Directory that keeps the data for later starts. Default: a temporary one, deleted at the end.")
    private @Nullable Path directory;

    /** The given directory; null: a temporary one, which the command deletes when it ends. */
    @Nullable
    Path directory() {
        return directory;
    }
}
