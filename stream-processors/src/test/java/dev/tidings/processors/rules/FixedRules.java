package dev.tidings.processors.rules;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.v1.Policy;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rules that never change. */
public record FixedRules(EffectivePolicy policy, Set<String> banned, WordFilter words) implements Rules {

    public static final FixedRules NONE = new FixedRules(EffectivePolicy.DEFAULT, Set.of(), filter(new TreeMap<>()));

    public static FixedRules of(Policy.Builder policy) {
        return new FixedRules(new EffectivePolicy(policy.build()), NONE.banned(), NONE.words());
    }

    public static FixedRules banning(String... userIds) {
        return new FixedRules(NONE.policy(), Set.of(userIds), NONE.words());
    }

    public static FixedRules about(SortedMap<String, Action> words) {
        return new FixedRules(NONE.policy(), NONE.banned(), filter(words));
    }

    private static WordFilter filter(SortedMap<String, Action> words) {
        return WordFilter.of(words);
    }

    @Override
    public boolean isBanned(String userId, Timestamp at) {
        return banned.contains(userId);
    }
}
