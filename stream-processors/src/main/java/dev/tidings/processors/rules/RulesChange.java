package dev.tidings.processors.rules;

import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.state.v1.RuleRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks a change of the rules against their totals, and computes the stored records. Pure functions. */
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

    /** The refusal of a change that exceeds a total or has an invalid word, or null. */
    public static @Nullable Refusal check(RulesCommand change, int wordsNow, int bansNow) {
        for (WordRule rule : change.getSetWordsList()) {
            String fault = WordFilter.faultOf(rule.getWord());
            if (fault != null) {
                return Refusals.of(Refusal.Reason.INVALID_ARGUMENT, "the word \"" + rule.getWord() + "\" " + fault);
            }
        }
        int bansLifted = BanSubject.lifted(change).size();
        if (bansNow + change.getBanCount() > MAX_BANS + bansLifted) {
            return Refusals.of(
                    Refusal.Reason.TOO_MANY,
                    "there are " + bansNow + " bans and the command adds " + change.getBanCount() + "; at most "
                            + MAX_BANS + " are allowed in total");
        }
        return wordsNow + change.getSetWordsCount() > MAX_WORDS + change.getRemoveWordsCount()
                ? Refusals.of(
                        Refusal.Reason.TOO_MANY,
                        "there are " + wordsNow + " words and the command adds " + change.getSetWordsCount()
                                + "; at most " + MAX_WORDS + " are allowed in total")
                : null;
    }

    /** The new records by store key, ascending; null deletes the key. */
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
