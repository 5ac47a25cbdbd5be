package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidings bench}: a run with a steady load. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends messages at a fixed rate over real WebSockets, and checks every message.",
            "Latency counts from the moment a message is due, however late it is really sent (open loop)."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {BenchCommand.EXIT_OK, BenchCommand.EXIT_FAILED, BenchCommand.EXIT_USAGE})
public final class BenchCommand implements Callable<Integer> {

    static final String EXIT_CODES_HEADING = "%nExit codes:%n";
    static final String EXIT_OK =
            "0:no message was lost, duplicated, out of order or left unanswered, and no sequence has a gap";
    static final String EXIT_FAILED = "1:a guarantee was violated, or the run was not possible";
    static final String EXIT_USAGE = "2:wrong usage";

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
            names = "--group-members",
            paramLabel = "<n>",
            description = "Instead of pairs, groups of so many members. --users of them connect and send in turn.")
    private int groupMembers;

    @Option(
            names = "--groups",
            paramLabel = "<n>",
            description = "Number of groups. --users are divided among them; by default all members connect. Default: 1"
                    + " with --group-members.")
    private int groups;

    private BenchCommand(Supplier<Optional<URI>> defaultUrl) {
        this.options = new RunOptions(defaultUrl);
    }

    /**
     * Returns the command, with its subcommand {@code storm}.
     *
     * @param defaultUrl finds the running gateway, for runs without {@code --url}; empty: none runs
     */
    public static CommandLine commandLine(Supplier<Optional<URI>> defaultUrl) {
        return new CommandLine(new BenchCommand(defaultUrl)).addSubcommand(new StormCommand(defaultUrl));
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::run);
    }

    private Report run() {
        boolean grouped = groups != 0 || groupMembers != 0;
        int groupCount = groups == 0 && grouped ? 1 : groups;
        LoadPlan plan = options.checked(() ->
                new LoadPlan(options.plan(groups * groupMembers), seconds, warmupSeconds, groupCount, groupMembers));
        return new LoadRun(plan, options.tokens(plan.run().url()), options.progress()).run();
    }
}
