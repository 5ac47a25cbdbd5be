package dev.tidings.ops.cli;

import dev.tidings.ops.bench.restore.RestoreRun;
import dev.tidings.processors.store.StateStore;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings bench restore}: the time until the topologies have restored their state. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fills the state of the topologies with private conversations, 20 of each user, starts the topologies without"
                    + " their state directory, and measures until they have restored it from the changelogs.",
            "Starts a Kafka broker of its own in a temporary directory."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:the run was not possible", "2:wrong usage"})
final class BenchRestoreCommand implements Callable<Integer> {

    private static final int MAX_CONVERSATIONS = 10_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--conversations",
            paramLabel = "<n>",
            defaultValue = "100000",
            description = "Private conversations with one message each. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--store",
            paramLabel = "<kind>",
            defaultValue = "rocksdb",
            description = "rocksdb or memory; memory needs a heap for the whole state. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private StateStore.Kind store;

    @Override
    public Integer call() throws InterruptedException {
        if (conversations > MAX_CONVERSATIONS) {
            throw usage("--conversations is " + conversations + "; at most " + MAX_CONVERSATIONS + " are allowed");
        }
        RestoreRun run;
        try {
            run = new RestoreRun(conversations, store, this::note);
        } catch (IllegalArgumentException e) {
            throw usage("--conversations: " + e.getMessage());
        }
        try (DataDirectory directory = DataDirectory.of(null)) {
            run.measure(directory.path()).print(spec.commandLine().getOut());
        }
        return CommandLine.ExitCode.OK;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
