package dev.tidings.ops.cli;

import dev.tidings.ops.bench.BenchCommand;
import dev.tidings.ops.embedded.StartFailedException;
import dev.tidings.schemas.settings.SettingsException;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: one subcommand for each thing an operator does. */
@Command(
        name = "tidings",
        description = "Instant messaging as infrastructure.",
        mixinStandardHelpOptions = true,
        version = "tidings 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            BackendsCommand.class,
            TopicsCommand.class,
            GatewayCommand.class,
            ProcessorsCommand.class,
            ConnectorsCommand.class,
            RulesCommand.class,
            SqlCommand.class,
            DlqCommand.class,
            ReplayCommand.class,
            TraceCommand.class
        })
public final class Tidings {

    private Tidings() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine().execute(args));
    }

    /** The command line, for those who run it in a process of their own. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Tidings());
        commandLine.addSubcommand(new BenchCommand(SettingsOptions::runningGatewayUrl));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler(Tidings::explain);
        return commandLine;
    }

    /** What an operator can set right is said in a sentence; only a surprise has a stack trace. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof SettingsException
                || failure instanceof StartFailedException
                || failure instanceof KafkaException
                || failure instanceof CannotRunException) {
            err.println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof SettingsException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
