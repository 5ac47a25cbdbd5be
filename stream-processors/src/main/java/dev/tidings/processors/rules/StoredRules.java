package dev.tidings.processors.rules;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.RuleRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.WordRule;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rules in a task's state store, with a copy in memory. Every partition has all rules and applies the changes in its own log. */
public final class StoredRules implements Rules {

    public static final StateStore<String, RuleRecord> STORE =
            new StateStore<>("rules", Serdes.String(), ProtoSerde.of(RuleRecord.parser()));

    private static final int MAX_EXPIRED_BANS_PER_CHANGE = 1_000;

    private final KeyValueStore<String, RuleRecord> store;

    /** The copy of the store; null until it is first needed, after the store is restored. */
    private @Nullable LoadedRules loaded;

    private static final class LoadedRules {
        private final TreeMap<String, Action> words = new TreeMap<>();
        /** By {@link BanSubject}. */
        private final TreeMap<String, Ban> bans = new TreeMap<>();

        private EffectivePolicy policy = EffectivePolicy.DEFAULT;
        private @Nullable WordFilter filter;
    }

    public StoredRules(ProcessorContext<?, ?> context) {
        this.store = STORE.uncountedIn(context);
    }

    @Override
    public EffectivePolicy policy() {
        return loaded().policy;
    }

    @Override
    public boolean isBanned(String userId, Timestamp at) {
        Ban ban = loaded().bans.get(BanSubject.ofUser(userId));
        return ban != null && !isExpired(ban, at);
    }

    private static boolean isExpired(Ban ban, Timestamp at) {
        return ban.hasUntil() && Timestamps.compare(ban.getUntil(), at) <= 0;
    }

    @Override
    public WordFilter words() {
        LoadedRules rules = loaded();
        if (rules.filter == null) {
            rules.filter = WordFilter.of(rules.words);
        }
        return rules.filter;
    }

    /**
     * Applies a change, and deletes some of the expired bans.
     *
     * @param at the time of the command in the log
     * @return the refusal of the change, or null if it was applied
     */
    public @Nullable Refusal change(RulesCommand change, Timestamp at) {
        LoadedRules rules = loaded();
        List<Ban> expired =
                rules.bans.values().stream().filter(ban -> isExpired(ban, at)).toList();
        Refusal refusal = RulesChange.check(change, rules.words.size(), rules.bans.size() - expired.size());
        if (refusal != null) {
            return refusal;
        }
        expired.stream().limit(MAX_EXPIRED_BANS_PER_CHANGE).forEach(ban -> store.delete(RulesChange.keyOfBan(ban)));
        RulesChange.of(change, rules.policy).forEach((key, record) -> {
            if (record == null) {
                store.delete(key);
            } else {
                store.put(key, record);
            }
        });
        loaded = null;
        return null;
    }

    /**
     * Returns a page of the rules: bans that apply, the policy, words.
     *
     * @param at the time of the command in the log
     */
    public RulesPage page(ListRules request, Timestamp at) {
        LoadedRules rules = loaded();
        RulesPageBuilder page = new RulesPageBuilder(request);
        rules.bans.forEach((subject, ban) -> {
            if (!isExpired(ban, at)) {
                page.add(ban);
            }
        });
        page.add(rules.policy.set());
        rules.words.forEach((word, action) -> page.add(
                WordRule.newBuilder().setWord(word).setAction(action(action)).build()));
        return page.build();
    }

    private static ModerationAction action(Action action) {
        return switch (action) {
            case FLAG -> ModerationAction.FLAG;
            case MASK -> ModerationAction.MASK;
            case REFUSE -> ModerationAction.REFUSE;
        };
    }

    /** Drops the copy; the rules are read from the store when they are next needed. */
    public void reload() {
        loaded = null;
    }

    private LoadedRules loaded() {
        if (loaded == null) {
            LoadedRules read = new LoadedRules();
            try (KeyValueIterator<String, RuleRecord> all = store.all()) {
                all.forEachRemaining(entry -> add(read, entry.value));
            }
            loaded = read;
        }
        return loaded;
    }

    private static void add(LoadedRules rules, RuleRecord record) {
        switch (record.getRuleCase()) {
            case WORD -> rules.words.put(record.getWord().getWord(), action(record.getWord()));
            case BAN -> rules.bans.put(BanSubject.of(record.getBan()), record.getBan());
            case POLICY -> rules.policy = new EffectivePolicy(record.getPolicy());
            case RULE_NOT_SET -> throw new IllegalStateException("a stored rule has no body");
        }
    }

    private static Action action(WordRule rule) {
        return switch (rule.getAction()) {
            case FLAG -> Action.FLAG;
            case MASK -> Action.MASK;
            case REFUSE -> Action.REFUSE;
            case MODERATION_ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("a stored word has no action");
        };
    }
}
