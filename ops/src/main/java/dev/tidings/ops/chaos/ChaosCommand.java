package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.bench.BenchProgress;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings chaos}: a cluster under load whose processes fail. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a cluster of processes on this machine under load, lets them fail, and checks every message.",
            "Backends, and two each of processors, connectors and gateways; needs about 4 GB of memory, with",
            "three brokers 6 GB."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no message was lost, duplicated or out of order, and no unread count is wrong",
            "1:a guarantee was violated, or the run was not possible",
            "2:wrong usage"
        })
public final class ChaosCommand implements Callable<Integer> {

    private static final int PROGRESS_SECONDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "<n>",
            defaultValue = "120",
            description = "Length of the load. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "<n>",
            defaultValue = "200",
            description = "Messages per second, all users together. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "40",
            description = "Users who connect and talk in pairs. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--groups",
            paramLabel = "<n>",
            defaultValue = "2",
            description = "Groups of ten further users, with a tenth of the messages. Default: ${DEFAULT-VALUE}.")
    private int groups;

    @Option(
            names = "--brokers",
            paramLabel = "<n>",
            defaultValue = "1",
            description = {
                "Kafka brokers: 1, in the process of the backends; or 3, each a process, with three replicas.",
                "Default: ${DEFAULT-VALUE}."
            })
    private int brokers;

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "Decides the faults and the texts. Default: random, and shown in the report.")
    private @Nullable Long seed;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "<kind>",
            defaultValue = "kill,pause,restart",
            description = {
                "Kinds of faults: kill, pause (SIGSTOP), restart (SIGTERM), partition and slow (network),",
                "disk (full), clock (off), roll (restart of all, one by one). Default: ${DEFAULT-VALUE}."
            })
    private List<FaultKind> faults = List.of();

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "<role>",
            defaultValue = "broker,backends,processors,connectors,gateway",
            description =
                    "Roles whose processes fail: broker, backends, processors, connectors, gateway. Default: all.")
    private List<ClusterRole> roles = List.of();

    @Option(
            names = "--directory",
            paramLabel = "<dir>",
            description = "Directory for data, settings and logs, which stay there. Default: a new temporary one.")
    private @Nullable Path directory;

    @Mixin
    private final ReportOptions files = new ReportOptions();

    @Override
    public Integer call() throws IOException {
        long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE);
        ChaosPlan plan;
        try {
            plan = new ChaosPlan(seconds, rate, users, groups, brokers, chosenSeed, faults, roles);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter err = spec.commandLine().getErr();
        BenchProgress progress = new BenchProgress(err, PROGRESS_SECONDS);
        Path logs =
                directory == null ? Files.createTempDirectory("tidings-chaos-") : Files.createDirectories(directory);
        progress.note("seed " + chosenSeed + ", logs in " + logs.toAbsolutePath());
        try {
            Report report = new ChaosRun(plan, progress).run(logs.toAbsolutePath());
            report.print(spec.commandLine().getOut());
            files.write(report, spec.qualifiedName());
            if (report.isClean()) {
                return CommandLine.ExitCode.OK;
            }
            err.println(spec.qualifiedName() + ": guarantees were violated: " + String.join(", ", report.flaws()));
        } catch (BenchException e) {
            err.println(spec.qualifiedName() + ": " + e.getMessage());
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
