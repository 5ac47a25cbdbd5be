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

/** The options of {@code tidings rules policy}: the policy for all conversations. A field without its option is unchanged. */
final class PolicyOptions {

    private enum Strangers {
        ALLOW,
        DENY
    }

    private enum ContentPolicy {
        ALLOW(ModerationAction.MODERATION_ACTION_UNSPECIFIED),
        FLAG(ModerationAction.FLAG),
        REFUSE(ModerationAction.REFUSE);

        private final ModerationAction action;

        ContentPolicy(ModerationAction action) {
            this.action = action;
        }
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--strangers",
            paramLabel = "allow|deny",
            description = "Whether users who are not friends may send messages to each other.")
    private @Nullable Strangers strangers;

    @Option(
            names = "--strangers-adding",
            paramLabel = "allow|deny",
            description = "Whether users may add users who are not friends to groups; deny: those are invited.")
    private @Nullable Strangers strangersAdding;

    @Option(
            names = "--recall-window",
            paramLabel = "SPAN",
            converter = SpanConverter.class,
            description = "How long senders may recall a message, such as 5m; 0s: never.")
    private @Nullable Duration recallWindow;

    @Option(
            names = "--edit-window",
            paramLabel = "SPAN",
            converter = SpanConverter.class,
            description = "How long senders may edit a message, such as 1d; 0s: never.")
    private @Nullable Duration editWindow;

    @Option(names = "--max-group-members", paramLabel = "N", description = "Maximum members of a group.")
    private @Nullable Integer maxGroupMembers;

    @Option(
            names = "--large-group-threshold",
            paramLabel = "N",
            description = "A group with more members is large: its events go to gateways, not to each member.")
    private @Nullable Integer largeGroupThreshold;

    @Option(
            names = "--flood",
            paramLabel = "N/SPAN",
            converter = RateConverter.class,
            description = "Maximum messages of a user in a conversation, such as 10/10s; off: no limit.")
    private @Nullable Rate flood;

    @Option(
            names = "--repeats",
            paramLabel = "N/SPAN",
            converter = RateConverter.class,
            description = "How often a user may repeat a message in a conversation, such as 3/1m; off: no limit.")
    private @Nullable Rate repeats;

    @Option(names = "--links", paramLabel = "allow|flag|refuse", description = "Action for messages with links.")
    private @Nullable ContentPolicy links;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST",
            split = ",",
            description = "With --links: all exempt hosts, such as example.com. Replaces the hosts set before.")
    private List<String> allowedHosts = List.of();

    @Option(names = "--media", paramLabel = "allow|flag|refuse", description = "Action for messages with media.")
    private @Nullable ContentPolicy media;

    @Option(
            names = "--allow-type",
            paramLabel = "TYPE",
            split = ",",
            description = "With --media: all exempt types, such as image/*. Replaces the types set before.")
    private List<String> allowedTypes = List.of();

    @Option(
            names = "--max-media-bytes",
            paramLabel = "N",
            description = "With --media: types are exempt up to this size. Default: any size.")
    private @Nullable Long maxMediaBytes;

    /**
     * Returns a policy with the given fields only.
     *
     * @throws ParameterException if no option is given, or options contradict each other
     */
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
            throw usage("no option is given; at least one is needed");
        }
        return named;
    }

    private void setLinks(Policy.Builder policy) {
        boolean exempt = !allowedHosts.isEmpty();
        if (exempt && (links == null || links == ContentPolicy.ALLOW)) {
            throw usage("--allow-host needs --links flag or --links refuse");
        }
        if (links != null) {
            policy.setLinks(
                    LinkPolicy.newBuilder().setAction(links.action).addAllAllowedHosts(lowerCase(allowedHosts)));
        }
    }

    private void setMedia(Policy.Builder policy) {
        boolean exempt = !allowedTypes.isEmpty() || maxMediaBytes != null;
        if (exempt && (media == null || media == ContentPolicy.ALLOW)) {
            throw usage("--allow-type and --max-media-bytes need --media flag or --media refuse");
        }
        if (media != null && media != ContentPolicy.ALLOW && !exempt) {
            throw usage("--media needs --allow-type or --max-media-bytes; without them all media are allowed");
        }
        if (media != null) {
            policy.setMedia(MediaPolicy.newBuilder()
                    .setAction(media.action)
                    .addAllAllowedTypes(lowerCase(allowedTypes))
                    .setMaxBytes(maxMediaBytes == null ? 0 : maxMediaBytes));
        }
    }

    private int seconds(String option, Duration span) {
        if (span.toSeconds() > Integer.MAX_VALUE) {
            throw usage(option + " is " + span.toSeconds() + "s; at most " + Integer.MAX_VALUE + "s are allowed");
        }
        return (int) span.toSeconds();
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
