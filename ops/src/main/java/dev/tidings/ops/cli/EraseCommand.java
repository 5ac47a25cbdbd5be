package dev.tidings.ops.cli;

import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.erasure.ErasureLog;
import dev.tidings.ops.erasure.ErasureReport;
import dev.tidings.ops.erasure.ErasureRun;
import dev.tidings.ops.erasure.LogErasure;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.Erasure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings erase}: removes the words of a message or a user from Redis, ClickHouse, the archive and the log. */
@Command(
        name = "erase",
        description = "Removes the words of a message or a user from Redis, ClickHouse, the archive and the log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of all subcommands:%n",
        exitCodeList = {
            "0:done",
            "1:a legal hold forbids it, there is no such message, or a part of the system does not answer",
            "2:wrong usage; nothing was changed"
        })
final class EraseCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "message",
            description = {
                "Recalls a message and its forwarded copies, and removes their words and the quotes of them.",
                "Prints what is done and what is pending. Can be repeated."
            },
            mixinStandardHelpOptions = true)
    int message(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Parameters(paramLabel = "CONVERSATION", description = "Such as g:team.") String conversationId,
            @Parameters(paramLabel = "SEQ", description = "The seq of the message.") long seq) {
        if (ConversationId.parse(conversationId) == null) {
            throw usage("message", "CONVERSATION is \"" + conversationId + "\"; an id such as g:team is needed");
        }
        if (seq < 1) {
            throw usage("message", "SEQ is " + seq + "; at least 1 is needed");
        }
        String why = reason.required(command("message"));
        return run(settings, erasure -> erasure.eraseMessage(conversationId, seq, why));
    }

    @Command(
            name = "user",
            description = {
                "Disables a user, empties their profile, and erases all messages that they have sent.",
                "Prints what is done and what is pending. Can be repeated."
            },
            mixinStandardHelpOptions = true)
    int user(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Parameters(paramLabel = "USER", description = "The user id.") String userId) {
        if (Refusals.checkUser(userId) != null) {
            throw usage("user", "USER is \"" + userId + "\"; it must match [A-Za-z0-9_.-]{1,64}");
        }
        String why = reason.required(command("user"));
        return run(settings, erasure -> erasure.eraseUser(userId, why));
    }

    @Command(
            name = "log",
            description = {
                "Removes the words of all erased messages and users from the segments of a stopped broker.",
                "Reads the erasures from the other brokers of the cluster. tidings up does the same when it starts."
            },
            mixinStandardHelpOptions = true)
    int log(
            @Mixin SettingsOptions settings,
            @Option(
                            names = "--log-directory",
                            paramLabel = "DIR",
                            required = true,
                            description = "One of the broker's log.dirs. The broker must not run.")
                    Path directory) {
        if (!Files.isDirectory(directory)) {
            throw usage("log", "--log-directory is " + directory + "; there is no such directory");
        }
        List<Erasure> erasures = new ErasureLog(KafkaLog.of(settings.givenOrRunning())).read();
        try {
            Map<String, Integer> changed = new LogErasure(directory).run(erasures);
            changed.forEach((topic, records) -> print(topic + ": " + records + " records changed"));
            print("erasures: " + erasures.size());
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            throw new CannotRunException("the log in " + directory + " cannot be erased: " + e.getMessage());
        }
    }

    @Command(
            name = "list",
            description =
                    "Prints all erasures, one on a line: time, subject, and the id of the act in the audit log, with tabs.",
            mixinStandardHelpOptions = true)
    int list(@Mixin SettingsOptions settings) {
        for (Erasure erasure : new ErasureLog(KafkaLog.of(settings.givenOrRunning())).read()) {
            ErasedMessage message = erasure.getMessage();
            String subject = erasure.hasUser()
                    ? "user " + erasure.getUser().getUserId()
                    : "message " + message.getConversationId() + ' ' + message.getSeq();
            print(Timestamps.toString(erasure.getAt()) + '\t' + subject + '\t' + erasure.getAuditId());
        }
        return CommandLine.ExitCode.OK;
    }

    private int run(SettingsOptions settings, Function<ErasureRun, ErasureReport> erase) {
        try (ErasureRun erasure = ErasureRun.open(settings.givenOrRunning(), System.getProperty("user.name", ""))) {
            erase.apply(erasure).print(spec.commandLine().getOut());
            return CommandLine.ExitCode.OK;
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private CommandLine command(String name) {
        return Objects.requireNonNull(spec.subcommands().get(name));
    }

    private ParameterException usage(String subcommand, String message) {
        return new ParameterException(command(subcommand), message);
    }
}
