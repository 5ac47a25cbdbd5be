package dev.tidings.processors.rules;

import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.state.v1.RuleRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a change of the rules does to them, as pure functions. */
public final class RulesChange {

    static final int MAX_WORDS = 100_000;
    static final int MAX_BANS = 100_000;

    static final String POLICY = "policy";

    private RulesChange() {}

    static String keyOfWord(String word) {
        return "word:" + word;
    }

    static String keyOfBan(Ban ban) {
        return "ban:" + BanSubject.of(ban);
    }

    /** Why this change cannot be made, or null. */
    public static @Nullable Refusal flaw(RulesCommand change, int wordsNow, int bansNow) {
        for (WordRule rule : change.getSetWordsList()) {
            String flaw = WordFilter.flawOf(rule.getWord());
            if (flaw != null) {
                return CommandCheck.refusal(
                        Refusal.Reason.INVALID_ARGUMENT, "the word \"" + rule.getWord() + "\" " + flaw);
            }
        }
        int bansLifted = BanSubject.lifted(change).size();
        if (bansNow + change.getBanCount() > MAX_BANS + bansLifted) {
            return CommandCheck.refusal(
                    Refusal.Reason.TOO_MANY,
                    "there are " + bansNow + " bans and " + change.getBanCount() + " more are asked for; at most "
                            + MAX_BANS + " are allowed in all");
        }
        return wordsNow + change.getSetWordsCount() > MAX_WORDS + change.getRemoveWordsCount()
                ? CommandCheck.refusal(Refusal.Reason.TOO_MANY, "at most " + MAX_WORDS + " words in all")
                : null;
    }

    /** What stands under which key from here on; null: nothing any more. Ascending by key. */
    static Map<String, @Nullable RuleRecord> of(RulesCommand change, EffectivePolicy policy) {
        Map<String, @Nullable RuleRecord> records = new TreeMap<>();
        change.getRemoveWordsList().forEach(word -> records.put(keyOfWord(word), null));
        for (WordRule rule : change.getSetWordsList()) {
            records.put(
                    keyOfWord(rule.getWord()),
                    RuleRecord.newBuilder().setWord(rule).build());
        }
        BanSubject.lifted(change).forEach(ban -> records.put(keyOfBan(ban), null));
        for (Ban ban : change.getBanList()) {
            records.put(keyOfBan(ban), RuleRecord.newBuilder().setBan(ban).build());
        }
        if (change.hasPolicy()) {
            records.put(
                    POLICY,
                    RuleRecord.newBuilder()
                            .setPolicy(policy.changedBy(change.getPolicy()).set())
                            .build());
        }
        return records;
    }
}
