package dev.tidings.ops.cli;

import dev.tidings.ops.bench.BenchCommand;
import dev.tidings.ops.chaos.ChaosCommand;
import dev.tidings.ops.embedded.StartFailedException;
import dev.tidings.ops.erasure.CannotEraseException;
import dev.tidings.ops.registry.SchemaRegistryException;
import dev.tidings.schemas.settings.SettingsException;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code tidings}, with one subcommand for each task of an operator. */
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
            TokenCommand.class,
            UsersCommand.class,
            EraseCommand.class,
            HoldCommand.class,
            ExportCommand.class,
            SqlCommand.class,
            SchemaCommand.class,
            DlqCommand.class,
            ReplayCommand.class,
            VerifyCommand.class,
            RebuildCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ArchiveCommand.class,
            TraceCommand.class,
            CapacityCommand.class
        })
public final class Tidings {

    /** Replaces bytes that the JVM cannot decode in its locale. */
    private static final char REPLACEMENT_CHARACTER = '\uFFFD';

    private Tidings() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(execute(commandLine(), args));
    }

    /**
     * Runs a command. Rejects arguments that the JVM could not decode: a rule or a query with replacement characters would be
     * accepted and have no effect.
     */
    static int execute(CommandLine commandLine, String... args) {
        for (String arg : args) {
            if (arg.indexOf(REPLACEMENT_CHARACTER) >= 0) {
                commandLine.getErr().println("tidings: an argument or the locale is not UTF-8; set LC_ALL=C.UTF-8");
                commandLine.getErr().flush();
                return CommandLine.ExitCode.USAGE;
            }
        }
        return commandLine.execute(args);
    }

    /** Returns the command line, without running it. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Tidings());
        commandLine.addSubcommand(BenchCommand.commandLine(SettingsOptions::runningServer)
                .addSubcommand(new BenchSinkCommand())
                .addSubcommand(new BenchHistoryCommand())
                .addSubcommand(new BenchRestoreCommand()));
        commandLine.addSubcommand(new ChaosCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler(Tidings::explain);
        return commandLine;
    }

    /** Prints one sentence for a failure that the operator can fix, and a stack trace for any other. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof SettingsException
                || failure instanceof StartFailedException
                || failure instanceof KafkaException
                || failure instanceof SchemaRegistryException
                || failure instanceof CannotEraseException
                || failure instanceof CannotRunException) {
            err.println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof SettingsException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
