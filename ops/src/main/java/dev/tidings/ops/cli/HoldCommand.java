package dev.tidings.ops.cli;

import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.erasure.LegalHolds;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.LegalHold;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings hold}: sets and removes legal holds, which forbid erasures and stop the retention. */
@Command(
        name = "hold",
        description =
                "Sets and removes legal holds: no data of a held user or conversation can be erased, or is deleted by the retention.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class HoldCommand {

    private static final String SUBJECT = "user:<id>, or the id of a conversation.";
    private static final String USER_PREFIX = "user:";

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "set",
            description = {
                "Sets a hold, or replaces its reason. Returns once ClickHouse has it.",
                "Exit code 1 if the connectors do not store it within a minute: it then forbids erasures at once, and stops the"
                        + " retention when they do."
            },
            mixinStandardHelpOptions = true)
    int set(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Parameters(paramLabel = "SUBJECT", description = SUBJECT) String subject) {
        holds(settings).set(hold("set", subject, reason), Instant.now());
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "remove", description = "Removes a hold.", mixinStandardHelpOptions = true)
    int remove(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Parameters(paramLabel = "SUBJECT", description = SUBJECT) String subject) {
        holds(settings).remove(hold("remove", subject, reason), Instant.now());
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "list",
            description = "Prints the holds that apply, one on a line: subject, time, operator and reason, with tabs.",
            mixinStandardHelpOptions = true)
    int list(@Mixin SettingsOptions settings) {
        PrintWriter out = spec.commandLine().getOut();
        holds(settings)
                .read()
                .forEach((key, hold) -> out.println(key
                        + '\t'
                        + Timestamps.toString(hold.getAt())
                        + '\t'
                        + hold.getOperator()
                        + '\t'
                        + hold.getReason()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static LegalHolds holds(SettingsOptions settings) {
        return new LegalHolds(KafkaLog.of(settings.givenOrRunning()));
    }

    private LegalHold hold(String subcommand, String subject, ReasonOption reason) {
        CommandLine command = Objects.requireNonNull(spec.subcommands().get(subcommand));
        String why = reason.required(command);
        LegalHold.Builder hold = LegalHold.newBuilder()
                .setAt(Timestamps.fromMillis(System.currentTimeMillis()))
                .setOperator(System.getProperty("user.name", ""))
                .setReason(why);
        String userId = subject.startsWith(USER_PREFIX) ? subject.substring(USER_PREFIX.length()) : "";
        if (Refusals.checkUser(userId) == null) {
            return hold.setUserId(userId).build();
        }
        if (ConversationId.parse(subject) != null) {
            return hold.setConversationId(subject).build();
        }
        throw new ParameterException(
                command, "SUBJECT is \"" + subject + "\"; user:<id> or a conversation id is allowed");
    }
}
