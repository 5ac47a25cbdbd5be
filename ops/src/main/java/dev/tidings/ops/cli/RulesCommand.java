package dev.tidings.ops.cli;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.rules.RuleChanges;
import dev.tidings.ops.rules.RulesLog;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Refusal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tidings rules}: changes and lists the operator's rules. A change is a request in {@code tidings.business}, as of any
 * business system; it is in force once it is answered.
 */
@Command(
        name = "rules",
        description = "Changes and lists word rules, bans and the policy for all conversations.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of all subcommands:%n",
        exitCodeList = {
            "0:the rules are as requested, changed or unchanged",
            "1:the change was refused or not answered, or Kafka is not reachable",
            "2:wrong usage; nothing was requested"
        })
final class RulesCommand {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "add-words",
            description = {
                "Sets the action for messages that contain these words.",
                "Matches any letter case and width. Matches Latin words as whole words only, unless written as *word*."
            },
            mixinStandardHelpOptions = true)
    int addWords(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Option(
                            names = "--action",
                            paramLabel = "flag|mask|refuse",
                            required = true,
                            description =
                                    "flag: moderators review the message; mask: stars replace the word; refuse: the message is not sent.")
                    WordAction action,
            @Mixin WordsArguments words) {
        return change(
                "add-words",
                settings,
                reason,
                RuleChanges.setWords(words.words(), action.action()),
                "Messages with these words are now " + action.participle() + '.');
    }

    @Command(name = "remove-words", description = "Removes the rules for these words.", mixinStandardHelpOptions = true)
    int removeWords(@Mixin SettingsOptions settings, @Mixin ReasonOption reason, @Mixin WordsArguments words) {
        return change(
                "remove-words",
                settings,
                reason,
                RuleChanges.removeWords(words.words()),
                "These words have no rule any more.");
    }

    @Command(
            name = "ban",
            description = {
                "Ends the sessions of these users, devices and addresses, and opens no new ones.",
                "Rejects commands of these users, also from rooms and from sessions that end meanwhile."
            },
            mixinStandardHelpOptions = true)
    int ban(
            @Mixin SettingsOptions settings,
            @Mixin ReasonOption reason,
            @Mixin BanSubjects banned,
            @Option(
                            names = "--for",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description = "Duration, such as 30m, 12h or 7d. Default: permanent.")
                    @Nullable
                    Duration span) {
        Timestamp until = span == null ? null : fromNow(span);
        return change(
                "ban",
                settings,
                reason,
                RuleChanges.ban(banned.subjects(), until),
                "Banned " + (until == null ? "permanently." : "until " + Timestamps.toString(until) + '.'));
    }

    @Command(name = "unban", description = "Lifts bans.", mixinStandardHelpOptions = true)
    int unban(@Mixin SettingsOptions settings, @Mixin ReasonOption reason, @Mixin BanSubjects unbanned) {
        return change("unban", settings, reason, RuleChanges.unban(unbanned.subjects()), "No longer banned.");
    }

    @Command(
            name = "policy",
            description = "Changes the given fields of the policy; the others stay unchanged.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int policy(@Mixin SettingsOptions settings, @Mixin ReasonOption reason, @Mixin PolicyOptions options) {
        return change("policy", settings, reason, RuleChanges.policy(options.policy()), "The policy is in force.");
    }

    @Command(
            name = "list",
            description = {
                "Prints the current rules, one on a line, with tabs between the parts. Omits policy fields at their default.",
                "Reads a whole partition of tidings.commands, which can take minutes."
            },
            mixinStandardHelpOptions = true)
    int list(@Mixin SettingsOptions options) {
        Settings settings = options.givenOrRunning();
        Timestamp now = Timestamps.fromMillis(System.currentTimeMillis());
        List<String> lines = RulesLog.read(
                        settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."))
                .lines(now);
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private int change(
            String name,
            SettingsOptions options,
            ReasonOption reason,
            List<dev.tidings.v1.RulesCommand> changes,
            String doneMessage) {
        String why = reason.checked(Objects.requireNonNull(spec.subcommands().get(name)));
        changes.forEach(change -> requireValid(name, change));
        Settings settings = options.givenOrRunning();
        boolean changed = false;
        try (BusinessRequests requests = BusinessRequests.open(
                settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."), ANSWER_TIMEOUT)) {
            for (int i = 0; i < changes.size(); i++) {
                String which = changes.size() == 1 ? "" : " (part " + (i + 1) + " of " + changes.size() + ')';
                changed |= isChange(
                        requests
                                .request(
                                        BusinessCommand.newBuilder()
                                                .setReason(why)
                                                .setRules(changes.get(i)),
                                        1)
                                .stream()
                                .findFirst()
                                .orElseThrow(
                                        () -> new CannotRunException("no answer within " + ANSWER_TIMEOUT.toSeconds()
                                                + " s: do the processors run? The request is in the log and may still be carried out"
                                                + which)),
                        which);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(changed ? doneMessage : "Nothing changed: the rules were so already.");
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private void requireValid(String name, dev.tidings.v1.RulesCommand change) {
        Refusal invalid = CommandCheck.check(dev.tidings.v1.Command.newBuilder()
                .setAsSystem(true)
                .setRules(change)
                .build());
        if (invalid != null) {
            throw new ParameterException(spec.subcommands().get(name), invalid.getMessage());
        }
    }

    private static boolean isChange(BusinessReply reply, String which) {
        return switch (reply.getOutcomeCase()) {
            case APPLIED -> true;
            case UNCHANGED -> false;
            case REFUSAL -> {
                Refusal refusal = reply.getRefusal();
                throw new CannotRunException("refused as " + refusal.getReason() + ": " + refusal.getMessage() + which);
            }
            case SEQUENCED, GROUP, RULES, CONVERSATIONS, PRESENCE, HEAD, OUTCOME_NOT_SET ->
                throw new CannotRunException(
                        "the answer is not one to a rules request: the processors have another version" + which);
        };
    }

    private Timestamp fromNow(Duration span) {
        try {
            return Timestamps.checkValid(Timestamp.newBuilder()
                    .setSeconds(Math.addExact(Instant.now().getEpochSecond(), span.toSeconds())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ParameterException(
                    spec.subcommands().get("ban"), "--for is too long; omit it for a permanent ban", e);
        }
    }
}
