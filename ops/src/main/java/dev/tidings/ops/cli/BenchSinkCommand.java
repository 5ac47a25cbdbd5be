package dev.tidings.ops.cli;

import dev.tidings.ops.bench.sink.SinkRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings bench sink}: the throughput of the ClickHouse sink. */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how fast the ClickHouse sink stores a filled topic, and how fast raw inserts of the same rows are.",
            "Starts Kafka, Redis and ClickHouse of its own in a temporary directory."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:the run was not possible", "2:wrong usage"})
final class BenchSinkCommand implements Callable<Integer> {

    private static final int MIN_MESSAGES = 20_000;
    private static final int MAX_MESSAGES = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--messages",
            paramLabel = "<n>",
            defaultValue = "200000",
            description = "Messages in the topic. Each makes two rows. Default: ${DEFAULT-VALUE}.")
    private int messages;

    @Override
    public Integer call() throws InterruptedException {
        if (messages < MIN_MESSAGES || messages > MAX_MESSAGES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--messages is " + messages + "; " + MIN_MESSAGES + " to " + MAX_MESSAGES + " are allowed");
        }
        try (DataDirectory directory = DataDirectory.of(null)) {
            new SinkRun(messages, this::note)
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
