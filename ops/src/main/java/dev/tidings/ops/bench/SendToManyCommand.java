package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings bench send-to-many}: a business system sends a message to each of many users. */
@Command(
        name = "send-to-many",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends a message to each of --recipients by Kafka, as a business system does, as fast as possible. Checks that each has one reply.",
            "Uses the all-in-one that runs here."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {"0:every recipient got one message", BenchCommand.EXIT_FAILED, BenchCommand.EXIT_USAGE})
final class SendToManyCommand implements Callable<Integer>, ReportingCommand {

    private static final int PROGRESS_SECONDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(
            names = "--recipients",
            paramLabel = "<n>",
            defaultValue = "10000",
            description = "Users who get a message. Default: ${DEFAULT-VALUE}.")
    private int recipients;

    @Option(
            names = "--per-request",
            paramLabel = "<n>",
            defaultValue = "100",
            description =
                    "Recipients of one request, at most 10,000. With more than 100 the messages of a request are sent"
                            + " in steps, about 500 a second. Default: ${DEFAULT-VALUE}.")
    private int perRequest;

    @Option(
            names = "--text-bytes",
            paramLabel = "<n>",
            defaultValue = "100",
            description = "Length of a message. Default: ${DEFAULT-VALUE}.")
    private int textBytes;

    @Option(
            names = "--drain",
            paramLabel = "<n>",
            defaultValue = "30",
            description =
                    "Seconds without any reply after which missing ones count as lost. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds;

    @Mixin
    private final ReportOptions files = new ReportOptions();

    private final Supplier<Optional<RunningServer>> running;

    /** @param running finds the running all-in-one; empty: none runs */
    SendToManyCommand(Supplier<Optional<RunningServer>> running) {
        this.running = running;
    }

    @Override
    public Integer call() throws IOException {
        Report report = makeRun();
        report.print(spec.commandLine().getOut());
        files.write(report, spec.qualifiedName());
        if (report.isClean()) {
            return CommandLine.ExitCode.OK;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": guarantees were violated: " + String.join(", ", report.flaws()));
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Report makeRun() {
        SendToManyPlan plan;
        try {
            plan = new SendToManyPlan(
                    Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
                    recipients,
                    perRequest,
                    textBytes,
                    Duration.ofSeconds(drainSeconds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        RunningServer server = running.get()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no all-in-one is running here: start one with tidings up"));
        return new SendToManyRun(
                        plan, server, new BenchProgress(spec.commandLine().getErr(), PROGRESS_SECONDS))
                .run();
    }
}
