package dev.tidings.ops.rules;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.rules.RulesChange;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The current rules, computed from the commands that changed them, for display. CONVERSATION keeps its own copy; both check a
 * change with {@link RulesChange#flaw}. A policy field that a command has replaces the one before.
 */
public final class RulesInForce {

    private final TreeMap<String, ModerationAction> words = new TreeMap<>();
    /** By {@link BanSubject}. */
    private final TreeMap<String, Ban> bans = new TreeMap<>();

    private Policy policy = Policy.getDefaultInstance();

    /**
     * Applies the change of a rules command. Ignores other commands, and changes that CONVERSATION refuses.
     *
     * @param at the time of the command in the log
     */
    public void apply(Command command, Timestamp at) {
        if (!command.hasRules() || command.getRules().hasList() || CommandCheck.check(command) != null) {
            return;
        }
        RulesCommand rules = command.getRules();
        bans.values().removeIf(ban -> isOver(ban, at));
        if (RulesChange.check(rules, words.size(), bans.size()) != null) {
            return;
        }
        for (WordRule rule : rules.getSetWordsList()) {
            words.put(rule.getWord(), rule.getAction());
        }
        rules.getRemoveWordsList().forEach(words::remove);
        for (Ban ban : rules.getBanList()) {
            bans.put(BanSubject.of(ban), ban);
        }
        BanSubject.lifted(rules).forEach(ban -> bans.remove(BanSubject.of(ban)));
        Policy.Builder changed = policy.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field :
                rules.getPolicy().getAllFields().entrySet()) {
            changed.setField(field.getKey(), field.getValue());
        }
        policy = changed.build();
    }

    /**
     * Returns one line for each rule, with tabs between the parts, in the words of the options of {@code tidings rules}. Omits
     * bans that are over, and policy fields at their default.
     */
    public List<String> lines(Timestamp now) {
        List<String> lines = new ArrayList<>();
        words.forEach((word, action) -> lines.add("word\t" + nameOf(action) + '\t' + word));
        bans.forEach((subject, ban) -> {
            String line =
                    "ban\t" + (ban.getUserId().isEmpty() ? "--" + subject.replaceFirst(":", "\t") : ban.getUserId());
            if (!ban.hasUntil()) {
                lines.add(line);
            } else if (!isOver(ban, now)) {
                lines.add(line + "\tuntil " + Timestamps.toString(ban.getUntil()));
            }
        });
        policyLines().forEach(line -> lines.add("policy\t" + line));
        return lines;
    }

    private List<String> policyLines() {
        List<String> lines = new ArrayList<>();
        if (policy.hasStrangersMayWrite()) {
            lines.add("strangers\t" + (policy.getStrangersMayWrite() ? "allow" : "deny"));
        }
        if (policy.hasStrangersMayAdd()) {
            lines.add("strangers-adding\t" + (policy.getStrangersMayAdd() ? "allow" : "deny"));
        }
        if (policy.hasRecallWindowSeconds()) {
            lines.add("recall-window\t" + policy.getRecallWindowSeconds() + 's');
        }
        if (policy.hasEditWindowSeconds()) {
            lines.add("edit-window\t" + policy.getEditWindowSeconds() + 's');
        }
        if (policy.hasMaxGroupMembers()) {
            lines.add("max-group-members\t" + policy.getMaxGroupMembers());
        }
        if (policy.hasLargeGroupThreshold()) {
            lines.add("large-group-threshold\t" + policy.getLargeGroupThreshold());
        }
        if (policy.hasFlood()) {
            lines.add("flood\t" + text(policy.getFlood()));
        }
        if (policy.hasRepeats()) {
            lines.add("repeats\t" + text(policy.getRepeats()));
        }
        if (policy.hasLinks()) {
            lines.add("links\t"
                    + text(policy.getLinks().getAction(), policy.getLinks().getAllowedHostsList()));
        }
        if (policy.hasMedia()) {
            lines.add("media\t" + text(policy.getMedia()));
        }
        return lines;
    }

    private static boolean isOver(Ban ban, Timestamp at) {
        return ban.hasUntil() && Timestamps.compare(ban.getUntil(), at) <= 0;
    }

    private static String text(Rate rate) {
        return rate.getMessages() == 0 ? "off" : rate.getMessages() + "/" + rate.getSeconds() + 's';
    }

    private static String text(MediaPolicy media) {
        String rest = text(media.getAction(), media.getAllowedTypesList());
        return media.getMaxBytes() == 0 ? rest : rest + "\tup to " + media.getMaxBytes() + " bytes";
    }

    private static String text(ModerationAction action, List<String> allowed) {
        return allowed.isEmpty() ? nameOf(action) : nameOf(action) + "\tbut " + String.join(" ", allowed);
    }

    private static String nameOf(ModerationAction action) {
        return switch (action) {
            case FLAG, MASK, REFUSE -> action.name().toLowerCase(Locale.ROOT);
            case MODERATION_ACTION_UNSPECIFIED, UNRECOGNIZED -> "allow";
        };
    }
}
