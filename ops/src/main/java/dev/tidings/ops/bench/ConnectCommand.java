package dev.tidings.ops.bench;

import dev.tidings.ops.bench.measure.MemoryProbe;
import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidings bench connect}: many idle connections. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Connects --users with authentication, keeps them connected with heartbeats, and measures the memory of a connection.",
            "Sends no messages: --rate, --text-bytes and --drain have no effect. A connection needs a file here and in the gateway"
                    + " (ulimit -n)."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {
            "0:all users are connected at the end, and no connection was lost",
            BenchCommand.EXIT_FAILED,
            BenchCommand.EXIT_USAGE
        })
final class ConnectCommand implements Callable<Integer>, ReportingCommand {

    @Mixin
    private final RunOptions options;

    @Option(
            names = "--connect-rate",
            paramLabel = "<n>",
            defaultValue = "500",
            description = "Connects per second. Default: ${DEFAULT-VALUE}.")
    private int connectRate;

    @Option(
            names = "--seconds",
            paramLabel = "<n>",
            defaultValue = "30",
            description = "How long all stay connected. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--pid",
            paramLabel = "<pid>",
            description =
                    "The gateway's process on this machine, to measure its memory. Default: the running all-in-one,"
                            + " whose topologies count, too; none with --url.")
    private @Nullable Long pid;

    private final Supplier<Optional<RunningServer>> running;

    /** @param running finds the running all-in-one; empty: none runs */
    ConnectCommand(Supplier<Optional<RunningServer>> running) {
        this.running = running;
        this.options = new RunOptions(() -> running.get().map(RunningServer::url));
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::makeRun);
    }

    @Override
    public Report makeRun() {
        ConnectPlan plan =
                options.checked(() -> new ConnectPlan(options.plan(0), connectRate, Duration.ofSeconds(seconds)));
        TokenSource tokens = options.tokens(plan.run().url());
        Optional<Long> measured = pid != null
                ? Optional.of(pid)
                : running.get().filter(server -> !options.hasUrl()).map(RunningServer::pid);
        if (measured.isEmpty()) {
            return new ConnectRun(plan, tokens, options.progress(), null).run();
        }
        try (MemoryProbe probe = MemoryProbe.of(measured.get())) {
            return new ConnectRun(plan, tokens, options.progress(), probe).run();
        } catch (IOException e) {
            throw new BenchException("the memory of process " + measured.get() + " cannot be measured: " + e, e);
        }
    }
}
