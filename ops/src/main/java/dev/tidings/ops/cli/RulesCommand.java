package dev.tidings.ops.cli;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.rules.RuleChanges;
import dev.tidings.ops.rules.RulesLog;
import dev.tidings.ops.rules.RulesRequests;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Refusal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tidings rules}: changes the operator's rules, and says how they stand. A change is a request in {@code
 * tidings.business} like that of any business system; it holds once it is answered.
 */
@Command(
        name = "rules",
        description = "Words, bans and the policy that hold for every conversation.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes of all its commands:%n",
        exitCodeList = {
            "0:it is as was asked, whether it was so already or not",
            "1:it was refused, not answered, or Kafka cannot be reached",
            "2:wrong usage; nothing was asked"
        })
final class RulesCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Command(
            name = "add-words",
            description = {
                "Says what is done about messages with these words in them.",
                "They are found in another case or width, too, and Latin ones as whole words only, unless written as *word*."
            },
            mixinStandardHelpOptions = true)
    int addWords(
            @Mixin SettingsOptions settings,
            @Option(
                            names = "--action",
                            paramLabel = "flag|mask|refuse",
                            required = true,
                            description =
                                    "What is done: somebody is asked to look, or stars are put in place, or it is not sent.")
                    WordAction action,
            @Mixin WordsArguments words) {
        return change(
                "add-words",
                settings,
                RuleChanges.setWords(words.words(), action.inRules()),
                "Messages with these words are " + action.participle() + " from now on.");
    }

    @Command(
            name = "remove-words",
            description = "Does away with the rules for these words.",
            mixinStandardHelpOptions = true)
    int removeWords(@Mixin SettingsOptions settings, @Mixin WordsArguments words) {
        return change(
                "remove-words",
                settings,
                RuleChanges.removeWords(words.words()),
                "These words are no longer looked for.");
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
            @Mixin BanSubjects banned,
            @Option(
                            names = "--for",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description = "How long, such as 30m, 12h or 7d. Default: for good.")
                    @Nullable
                    Duration span) {
        Timestamp until = span == null ? null : fromNow(span);
        return change(
                "ban",
                settings,
                RuleChanges.ban(banned.subjects(), until),
                "Banned " + (until == null ? "for good." : "until " + Timestamps.toString(until) + '.'));
    }

    @Command(name = "unban", description = "Lifts bans.", mixinStandardHelpOptions = true)
    int unban(@Mixin SettingsOptions settings, @Mixin BanSubjects unbanned) {
        return change("unban", settings, RuleChanges.unban(unbanned.subjects()), "No longer banned.");
    }

    @Command(
            name = "policy",
            description = "Changes what is named and leaves the rest.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int policy(@Mixin SettingsOptions settings, @Mixin PolicyOptions options) {
        return change("policy", settings, RuleChanges.policy(options.policy()), "This holds from now on.");
    }

    @Command(
            name = "list",
            description = {
                "Prints the rules as they stand, one on a line, the parts separated by tabs. What is not said is as by default.",
                "Reads a whole partition of tidings.commands, which may take a while."
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
            String name, SettingsOptions options, List<dev.tidings.v1.RulesCommand> changes, String whenDone) {
        changes.forEach(change -> requireNoFlaw(name, change));
        Settings settings = options.givenOrRunning();
        boolean changed = false;
        try (RulesRequests requests = RulesRequests.open(
                settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."), PATIENCE)) {
            for (int i = 0; i < changes.size(); i++) {
                String which = changes.size() == 1 ? "" : " (part " + (i + 1) + " of " + changes.size() + ')';
                changed |= isChange(
                        requests.ask(changes.get(i))
                                .orElseThrow(() -> new CannotRunException("no answer within " + PATIENCE.toSeconds()
                                        + " s: do the processors run? The request lies in the log and may still be heeded"
                                        + which)),
                        which);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(changed ? whenDone : "It was so already: nothing has changed.");
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private void requireNoFlaw(String name, dev.tidings.v1.RulesCommand change) {
        Refusal flaw = CommandCheck.check(dev.tidings.v1.Command.newBuilder()
                .setAsSystem(true)
                .setRules(change)
                .build());
        if (flaw != null) {
            throw new ParameterException(spec.subcommands().get(name), flaw.getMessage());
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
            case SEQUENCED, GROUP, OUTCOME_NOT_SET ->
                throw new CannotRunException(
                        "the answer is none to rules; the processors are of another version" + which);
        };
    }

    private Timestamp fromNow(Duration span) {
        try {
            return Timestamps.checkValid(Timestamp.newBuilder()
                    .setSeconds(Math.addExact(Instant.now().getEpochSecond(), span.toSeconds())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ParameterException(spec.subcommands().get("ban"), "--for is too long; without it: for good", e);
        }
    }
}
