package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidings bench reads}: pages of history over WebSockets. */
@Command(
        name = "reads",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fills private conversations of --users, and reads random pages of them at --rate per second. Checks every page.",
            "Latency counts from the moment a read is due, however late it is really sent (open loop)."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {
            "0:every page had exactly the events that it must have",
            BenchCommand.EXIT_FAILED,
            BenchCommand.EXIT_USAGE
        })
final class ReadsCommand implements Callable<Integer>, ReportingCommand {

    @Mixin
    private final RunOptions options;

    @Option(
            names = "--history",
            paramLabel = "<n>",
            defaultValue = "1000",
            description = "Messages in each conversation. Default: ${DEFAULT-VALUE}.")
    private int history;

    @Option(
            names = "--page",
            paramLabel = "<n>",
            defaultValue = "50",
            description = "Events in each page, at most 200. Default: ${DEFAULT-VALUE}.")
    private int page;

    @Option(
            names = "--seconds",
            paramLabel = "<n>",
            defaultValue = "30",
            description = "Length of the measured window. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "<n>",
            defaultValue = "10",
            description = "Seconds before the window; pages are checked and not measured. Default: ${DEFAULT-VALUE}.")
    private int warmupSeconds;

    /** @param defaultUrl finds the running gateway; empty: none runs */
    ReadsCommand(Supplier<Optional<URI>> defaultUrl) {
        this.options = new RunOptions(defaultUrl);
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::makeRun);
    }

    @Override
    public Report makeRun() {
        ReadsPlan plan = options.checked(() -> new ReadsPlan(options.plan(0), seconds, warmupSeconds, history, page));
        return new ReadsRun(plan, options.tokens(plan.run().url()), options.progress()).run();
    }
}
