package dev.tidings.ops.cli;

import dev.tidings.ops.capacity.CapacityPlan;
import dev.tidings.ops.capacity.ExpectedLoad;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings capacity}: prints the machines, partitions and disks that a number of users needs. */
@Command(
        name = "capacity",
        description =
                "Computes the machines, partitions and disks that a number of users needs, from measured and assumed"
                        + " costs; ops/docs/capacity.md has their sources.",
        mixinStandardHelpOptions = true)
final class CapacityCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--online", paramLabel = "N", required = true, description = "Users with a connection at once.")
    private long online;

    @Option(
            names = "--messages-per-user-per-day",
            paramLabel = "N",
            defaultValue = "40",
            description = "Messages that each of them sends. Default: ${DEFAULT-VALUE}.")
    private double messagesPerUserPerDay;

    @Option(
            names = "--peak-factor",
            paramLabel = "N",
            defaultValue = "3",
            description = "Messages in the busiest second, as a multiple of the average. Default: ${DEFAULT-VALUE}.")
    private double peakFactor;

    @Option(
            names = "--text-bytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Average size of a text. Default: ${DEFAULT-VALUE}.")
    private int textBytes;

    @Option(
            names = "--history-days",
            paramLabel = "N",
            defaultValue = "365",
            description = "Days for which commands, events and history are kept. Default: ${DEFAULT-VALUE}.")
    private int historyDays;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            defaultValue = "3",
            description = "Copies of each partition. Default: ${DEFAULT-VALUE}.")
    private int replicationFactor;

    @Override
    public Integer call() {
        ExpectedLoad load;
        try {
            load = new ExpectedLoad(
                    online, messagesPerUserPerDay, peakFactor, textBytes, historyDays, replicationFactor);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        CapacityPlan plan = new CapacityPlan(load);
        PrintWriter out = spec.commandLine().getOut();
        plan.quantities()
                .forEach(quantity ->
                        out.printf("%-22s %13s  = %s%n", quantity.name(), quantity.value(), quantity.formula()));
        plan.limits().forEach(limit -> out.println("! " + limit));
        out.flush();
        return 0;
    }
}
