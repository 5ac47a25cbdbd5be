package dev.tidings.ops.bench;

import dev.tidings.ops.bench.measure.ServerProbe;
import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
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
public final class BenchCommand implements Callable<Integer>, ReportingCommand {

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

    @Option(names = "--room", description = "Instead of pairs, one room: all users join it, and send in turn.")
    private boolean room;

    @Option(
            names = "--conversations",
            paramLabel = "<n>",
            defaultValue = "0",
            description =
                    "Private conversations of each user before the run, with one message in each. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--history",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "Messages in each conversation before the run. Default: ${DEFAULT-VALUE}.")
    private int history;

    @Option(
            names = "--find-rate",
            description = "Searches the highest rate that keeps --p99-millis, beginning with --rate.")
    private boolean findRate;

    @Option(
            names = "--p99-millis",
            paramLabel = "<n>",
            defaultValue = "200",
            description = "With --find-rate: bound of the p99 from due to delivered. Default: ${DEFAULT-VALUE}.")
    private int p99Millis;

    private final Supplier<Optional<RunningServer>> running;

    private BenchCommand(Supplier<Optional<RunningServer>> running) {
        this.running = running;
        this.options = new RunOptions(() -> running.get().map(RunningServer::url));
    }

    /**
     * Returns the command, with its subcommands {@code mixed}, {@code storm}, {@code connect}, {@code reads}, {@code send-to-many}, {@code
     * workload} and {@code compare}.
     *
     * @param running finds the running all-in-one. Runs without {@code --url} use it, and measure its processor time and its Kafka
     *     traffic; empty: none runs
     */
    public static CommandLine commandLine(Supplier<Optional<RunningServer>> running) {
        return new CommandLine(new BenchCommand(running))
                .addSubcommand(new MixedCommand(() -> running.get().map(RunningServer::url)))
                .addSubcommand(new StormCommand(() -> running.get().map(RunningServer::url)))
                .addSubcommand(new ConnectCommand(running))
                .addSubcommand(new ReadsCommand(() -> running.get().map(RunningServer::url)))
                .addSubcommand(new SendToManyCommand(running))
                .addSubcommand(new WorkloadCommand(() -> commandLine(running)))
                .addSubcommand(new CompareCommand());
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::makeRun);
    }

    private LoadPlan plan() {
        boolean grouped = groups != 0 || groupMembers != 0;
        RunPlan run = options.plan(groups * groupMembers);
        return new LoadPlan(
                run,
                seconds,
                warmupSeconds,
                groups == 0 && (grouped || room) ? 1 : groups,
                room && !grouped ? run.users() : groupMembers,
                conversations,
                history,
                room);
    }

    @Override
    public Report makeRun() {
        LoadPlan plan = options.checked(this::plan);
        TokenSource tokens = options.tokens(plan.run().url());
        BenchProgress progress = options.progress();
        if (findRate) {
            if (p99Millis < 1) {
                throw options.usage("--p99-millis is " + p99Millis + "; at least 1 is needed");
            }
            return new RateSearchRun(plan, p99Millis, next -> new LoadRun(next, tokens, progress, null).run()).run();
        }
        Optional<RunningServer> measured = options.hasUrl() ? Optional.empty() : running.get();
        if (measured.isEmpty()) {
            return new LoadRun(plan, tokens, progress, null).run();
        }
        try (ServerProbe probe = measured.get().probe()) {
            return new LoadRun(plan, tokens, progress, probe).run();
        }
    }
}
