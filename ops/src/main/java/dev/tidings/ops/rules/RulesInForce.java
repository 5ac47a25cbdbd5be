package dev.tidings.ops.rules;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
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
 * The rules as they stand, folded from the commands that changed them. CONVERSATION decides by its own copy; this one is
 * for looking at. Of the policy, each field that is present takes the place of what it was.
 */
public final class RulesInForce {

    /** The contract's limit; a command that would go beyond it is refused. */
    static final int MAX_WORDS = 100_000;

    private final TreeMap<String, ModerationAction> words = new TreeMap<>();
    /** By what they are about ({@link BanSubject}). */
    private final TreeMap<String, Ban> bans = new TreeMap<>();

    private Policy policy = Policy.getDefaultInstance();

    /** Takes up what a command changes, unless it is refused; other commands change nothing. */
    public void apply(Command command) {
        if (!command.hasRules() || CommandCheck.check(command) != null || wordsAfter(command.getRules()) > MAX_WORDS) {
            return;
        }
        RulesCommand rules = command.getRules();
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
     * A line for each rule, its parts separated by tabs, in the words that {@code tidings rules} takes. Nothing is said of
     * bans that are over and of what stands at its default.
     */
    public List<String> lines(Timestamp now) {
        List<String> lines = new ArrayList<>();
        words.forEach((word, action) -> lines.add("word\t" + nameOf(action) + '\t' + word));
        bans.forEach((subject, ban) -> {
            String line =
                    "ban\t" + (ban.getUserId().isEmpty() ? "--" + subject.replaceFirst(":", "\t") : ban.getUserId());
            if (!ban.hasUntil()) {
                lines.add(line);
            } else if (Timestamps.compare(ban.getUntil(), now) > 0) {
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
            lines.add("flood\t" + inWords(policy.getFlood()));
        }
        if (policy.hasRepeats()) {
            lines.add("repeats\t" + inWords(policy.getRepeats()));
        }
        if (policy.hasLinks()) {
            lines.add("links\t"
                    + inWords(policy.getLinks().getAction(), policy.getLinks().getAllowedHostsList()));
        }
        if (policy.hasMedia()) {
            lines.add("media\t" + inWords(policy.getMedia()));
        }
        return lines;
    }

    private int wordsAfter(RulesCommand rules) {
        if (words.size() + rules.getSetWordsCount() <= MAX_WORDS) {
            return words.size();
        }
        TreeMap<String, ModerationAction> after = new TreeMap<>(words);
        rules.getSetWordsList().forEach(rule -> after.put(rule.getWord(), rule.getAction()));
        rules.getRemoveWordsList().forEach(after::remove);
        return after.size();
    }

    private static String inWords(Rate rate) {
        return rate.getMessages() == 0 ? "off" : rate.getMessages() + "/" + rate.getSeconds() + 's';
    }

    private static String inWords(MediaPolicy media) {
        String rest = inWords(media.getAction(), media.getAllowedTypesList());
        return media.getMaxBytes() == 0 ? rest : rest + "\tup to " + media.getMaxBytes() + " bytes";
    }

    private static String inWords(ModerationAction action, List<String> allowed) {
        return allowed.isEmpty() ? nameOf(action) : nameOf(action) + "\tbut " + String.join(" ", allowed);
    }

    private static String nameOf(ModerationAction action) {
        return switch (action) {
            case FLAG, MASK, REFUSE -> action.name().toLowerCase(Locale.ROOT);
            case MODERATION_ACTION_UNSPECIFIED, UNRECOGNIZED -> "allow";
        };
    }
}
