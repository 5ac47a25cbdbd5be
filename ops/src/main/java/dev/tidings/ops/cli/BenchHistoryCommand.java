package dev.tidings.ops.cli;

import dev.tidings.ops.bench.history.HistoryRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings bench history}: the latency of reads of history and of searches. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures pages, spans of time and searches in a ClickHouse with many messages, and prints which indexes they use.",
            "The goals are those of 10 million messages on two cores.",
            "Starts Kafka, Redis and ClickHouse of its own in a temporary directory."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:the run was not possible", "2:wrong usage"})
final class BenchHistoryCommand implements Callable<Integer> {

    private static final int MIN_MESSAGES = 100_000;
    private static final int MAX_MESSAGES = 100_000_000;

    private static final int MAX_READS = 100_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--messages",
            paramLabel = "<n>",
            defaultValue = "1000000",
            description = "Messages in ClickHouse, 500 in each conversation. Default: ${DEFAULT-VALUE}.")
    private int messages;

    @Option(
            names = "--reads",
            paramLabel = "<n>",
            defaultValue = "200",
            description = "Measured reads of each kind, after as many others. Default: ${DEFAULT-VALUE}.")
    private int reads;

    @Override
    public Integer call() throws InterruptedException {
        if (messages < MIN_MESSAGES || messages > MAX_MESSAGES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--messages is " + messages + "; " + MIN_MESSAGES + " to " + MAX_MESSAGES + " are allowed");
        }
        if (reads < 1 || reads > MAX_READS) {
            throw new ParameterException(
                    spec.commandLine(), "--reads is " + reads + "; 1 to " + MAX_READS + " are allowed");
        }
        try (DataDirectory directory = DataDirectory.of(null)) {
            new HistoryRun(messages, reads, this::note)
                    .measure(directory.path())
                    .print(spec.commandLine().getOut());
        }
        return CommandLine.ExitCode.OK;
    }

    private void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
