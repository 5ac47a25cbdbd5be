package dev.tidings.ops.cli;

import com.clickhouse.client.api.ClickHouseException;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.verify.CannotVerifyException;
import dev.tidings.ops.verify.Verification;
import dev.tidings.ops.verify.VerificationReport;
import dev.tidings.schemas.settings.Settings;
import io.lettuce.core.RedisException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings verify}: compares the events in ClickHouse and Redis with the log. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares the events in ClickHouse and Redis with the log: missing, extra and different events by conversation"
                    + " and seq, and gaps in the log itself. Writes nothing.",
            "Compares what both sinks have stored; the system can continue to run. A conversation that Redis does not have"
                    + " is no difference: its keys expire."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all copies are equal to the log",
            "1:at least one event is missing, extra or different",
            "2:the comparison is not possible; or wrong usage"
        })
final class VerifyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition. May be repeated.")
    private Set<Integer> partitions = new LinkedHashSet<>();

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "1",
            description = "Compare one in N conversations. Default: ${DEFAULT-VALUE}, all.")
    private int oneIn;

    @Override
    public Integer call() {
        if (oneIn < 1) {
            throw usage("--sample is " + oneIn + "; at least 1 is needed");
        }
        for (int partition : partitions) {
            if (partition < 0) {
                throw usage("--partition is " + partition + "; it must not be negative");
            }
        }
        Settings known = settings.givenOrRunning();
        try {
            VerificationReport report = new Verification(KafkaLog.of(known), ConnectorsConfig.from(known))
                    .run(partitions, oneIn, this::print);
            report.print(spec.commandLine().getOut());
            return report.isEqual() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (CannotVerifyException | KafkaException | ClickHouseException | RedisException e) {
            print(spec.qualifiedName() + ": " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private void print(VerificationReport.PartitionResult done) {
        print("partition " + done.partition() + ": " + done.conversations() + " conversations, " + done.events()
                + " events");
    }

    private void print(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
