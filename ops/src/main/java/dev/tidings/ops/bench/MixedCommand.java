package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidings bench mixed}: pairs and groups at the same time. */
@Command(
        name = "mixed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends messages in pairs and in groups of ten at the same time, with receipts, and checks every message.",
            "--users and --rate are those of both together."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {BenchCommand.EXIT_OK, BenchCommand.EXIT_FAILED, BenchCommand.EXIT_USAGE})
final class MixedCommand implements Callable<Integer>, ReportingCommand {

    @Mixin
    private final RunOptions options;

    @Option(
            names = "--seconds",
            paramLabel = "<n>",
            defaultValue = "30",
            description = "Length of the measured window. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "<n>",
            defaultValue = "60",
            description =
                    "Seconds before the window; messages are checked but not measured. Default: ${DEFAULT-VALUE}.")
    private int warmupSeconds;

    @Option(
            names = "--group-percent",
            paramLabel = "<n>",
            defaultValue = "10",
            description = "Part of the messages and of the users in groups. Default: ${DEFAULT-VALUE}.")
    private int groupPercent;

    /** @param defaultUrl finds the running gateway; empty: none runs */
    MixedCommand(Supplier<Optional<URI>> defaultUrl) {
        this.options = new RunOptions(defaultUrl);
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::makeRun);
    }

    @Override
    public Report makeRun() {
        MixedPlan plan = options.checked(() -> new MixedPlan(options.plan(0), seconds, warmupSeconds, groupPercent));
        URI url = plan.run().url();
        List<CheckedPlan> plans = List.of(
                new CheckedPlan(plan.pairs(), LoadChecks.NONE), new CheckedPlan(plan.groups(), LoadChecks.NONE));
        List<LoadRun> loads = LoadRun.together(plans, options.tokens(url), options.progress(), List.of(url));
        List<CompletableFuture<LoadReport>> reports = loads.stream()
                .map(load -> CompletableFuture.supplyAsync(
                        load::run,
                        task -> Thread.ofPlatform().daemon().name("bench-load").start(task)))
                .toList();
        try {
            return new MixedReport(reports.getFirst().join(), reports.getLast().join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof BenchException cause ? cause : e;
        }
    }
}
