package dev.tidings.processors.rules;

import com.google.protobuf.Message;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.Policy;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.WordRule;

/**
 * Collects a page of the rules, which are added in the order of their store keys: bans, the policy, words. The page has at least
 * one rule, and ends before its limit of rules or of {@value #MAX_BYTES} bytes.
 */
final class RulesPageBuilder {

    /** Fits into an answer. A policy alone can be larger, and is in a page of its own then. */
    private static final int MAX_BYTES = 128 * 1024;

    private static final int DEFAULT_LIMIT = 100;

    private final RulesPage.Builder page = RulesPage.newBuilder();
    private final String after;
    private final int limit;
    private int entries;
    private int bytes;
    private String last = "";
    private boolean isFull;

    RulesPageBuilder(ListRules request) {
        this.after = request.getAfter();
        this.limit = request.getLimit() == 0 ? DEFAULT_LIMIT : request.getLimit();
    }

    void add(Ban ban) {
        if (takes(RulesChange.keyOfBan(ban), ban)) {
            page.addBans(ban);
        }
    }

    void add(Policy policy) {
        if (takes(RulesChange.POLICY, policy)) {
            page.setPolicy(policy);
        }
    }

    void add(WordRule word) {
        if (takes(RulesChange.keyOfWord(word.getWord()), word)) {
            page.addWords(word);
        }
    }

    private boolean takes(String key, Message rule) {
        if (isFull || key.compareTo(after) <= 0) {
            return false;
        }
        int size = rule.getSerializedSize();
        if (entries > 0 && (entries == limit || bytes + size > MAX_BYTES)) {
            page.setNextAfter(last);
            isFull = true;
            return false;
        }
        entries++;
        bytes += size;
        last = key;
        return true;
    }

    RulesPage build() {
        return page.build();
    }
}
