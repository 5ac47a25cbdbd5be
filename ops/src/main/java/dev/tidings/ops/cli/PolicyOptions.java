package dev.tidings.ops.cli;

import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What holds for every conversation, as options; what is not named stays as it is. */
final class PolicyOptions {

    private enum Strangers {
        ALLOW,
        DENY
    }

    private enum Others {
        ALLOW(ModerationAction.MODERATION_ACTION_UNSPECIFIED),
        FLAG(ModerationAction.FLAG),
        REFUSE(ModerationAction.REFUSE);

        private final ModerationAction inRules;

        Others(ModerationAction inRules) {
            this.inRules = inRules;
        }
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--strangers",
            paramLabel = "allow|deny",
            description = "Whether users who are not friends may write to each other.")
    private @Nullable Strangers strangers;

    @Option(
            names = "--strangers-adding",
            paramLabel = "allow|deny",
            description = "Whether users may add strangers to groups without asking them; deny: they are invited.")
    private @Nullable Strangers strangersAdding;

    @Option(
            names = "--recall-window",
            paramLabel = "SPAN",
            converter = SpanConverter.class,
            description = "How long senders may recall, such as 5m; 0s: never.")
    private @Nullable Duration recallWindow;

    @Option(
            names = "--edit-window",
            paramLabel = "SPAN",
            converter = SpanConverter.class,
            description = "How long senders may edit, such as 1d; 0s: never.")
    private @Nullable Duration editWindow;

    @Option(names = "--max-group-members", paramLabel = "N", description = "How many may belong to a group.")
    private @Nullable Integer maxGroupMembers;

    @Option(
            names = "--large-group-threshold",
            paramLabel = "N",
            description = "With more members, a group's events go to gateways, not to members.")
    private @Nullable Integer largeGroupThreshold;

    @Option(
            names = "--flood",
            paramLabel = "N/SPAN",
            converter = RateConverter.class,
            description = "How many messages one may send in a conversation, such as 10/10s; off: any.")
    private @Nullable Rate flood;

    @Option(
            names = "--repeats",
            paramLabel = "N/SPAN",
            converter = RateConverter.class,
            description = "How often one may say the same in a conversation, such as 3/1m; off: any.")
    private @Nullable Rate repeats;

    @Option(names = "--links", paramLabel = "allow|flag|refuse", description = "What is done about links.")
    private @Nullable Others links;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST",
            split = ",",
            description =
                    "With --links: all hosts that are exempt, such as example.com. They take the place of those before.")
    private List<String> allowedHosts = List.of();

    @Option(names = "--media", paramLabel = "allow|flag|refuse", description = "What is done about media.")
    private @Nullable Others media;

    @Option(
            names = "--allow-type",
            paramLabel = "TYPE",
            split = ",",
            description =
                    "With --media: all types that are exempt, such as image/*. They take the place of those before.")
    private List<String> allowedTypes = List.of();

    @Option(
            names = "--max-media-bytes",
            paramLabel = "N",
            description = "With --media: up to this size types are exempt; by default, at any size.")
    private @Nullable Long maxMediaBytes;

    /** Only what was named is present. */
    Policy policy() {
        Policy.Builder policy = Policy.newBuilder();
        if (strangers != null) {
            policy.setStrangersMayWrite(strangers == Strangers.ALLOW);
        }
        if (strangersAdding != null) {
            policy.setStrangersMayAdd(strangersAdding == Strangers.ALLOW);
        }
        if (recallWindow != null) {
            policy.setRecallWindowSeconds(seconds("--recall-window", recallWindow));
        }
        if (editWindow != null) {
            policy.setEditWindowSeconds(seconds("--edit-window", editWindow));
        }
        if (maxGroupMembers != null) {
            policy.setMaxGroupMembers(maxGroupMembers);
        }
        if (largeGroupThreshold != null) {
            policy.setLargeGroupThreshold(largeGroupThreshold);
        }
        if (flood != null) {
            policy.setFlood(flood);
        }
        if (repeats != null) {
            policy.setRepeats(repeats);
        }
        setLinks(policy);
        setMedia(policy);
        Policy named = policy.build();
        if (named.equals(Policy.getDefaultInstance())) {
            throw wrong("an option must say what is to change");
        }
        return named;
    }

    private void setLinks(Policy.Builder policy) {
        boolean exempt = !allowedHosts.isEmpty();
        if (exempt && (links == null || links == Others.ALLOW)) {
            throw wrong("--allow-host needs --links flag or --links refuse");
        }
        if (links != null) {
            policy.setLinks(
                    LinkPolicy.newBuilder().setAction(links.inRules).addAllAllowedHosts(inSmallLetters(allowedHosts)));
        }
    }

    private void setMedia(Policy.Builder policy) {
        boolean exempt = !allowedTypes.isEmpty() || maxMediaBytes != null;
        if (exempt && (media == null || media == Others.ALLOW)) {
            throw wrong("--allow-type and --max-media-bytes need --media flag or --media refuse");
        }
        if (media != null && media != Others.ALLOW && !exempt) {
            throw wrong("--media needs --allow-type or --max-media-bytes: otherwise all media are allowed");
        }
        if (media != null) {
            policy.setMedia(MediaPolicy.newBuilder()
                    .setAction(media.inRules)
                    .addAllAllowedTypes(inSmallLetters(allowedTypes))
                    .setMaxBytes(maxMediaBytes == null ? 0 : maxMediaBytes));
        }
    }

    private int seconds(String option, Duration span) {
        if (span.toSeconds() > Integer.MAX_VALUE) {
            throw wrong(option + " is too long");
        }
        return (int) span.toSeconds();
    }

    private static List<String> inSmallLetters(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
