package dev.tidings.processors.rules;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.RuleRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The rules as they stand in a task's state store, and at hand in memory. Every partition has them all, and takes up a
 * change where it lies in its own log.
 */
public final class StoredRules implements Rules {

    public static final StateStore<String, RuleRecord> STORE =
            new StateStore<>("rules", Serdes.String(), ProtoSerde.of(RuleRecord.parser()));

    private static final int MAX_FORGOTTEN_AT_ONCE = 1_000;

    private final KeyValueStore<String, RuleRecord> store;

    /** In the store's own words; null until first needed, when the store has been restored. */
    private @Nullable AtHand atHand;

    private static final class AtHand {
        private final TreeMap<String, Action> words = new TreeMap<>();
        /** By what they are about ({@link BanSubject}). */
        private final TreeMap<String, Ban> bans = new TreeMap<>();

        private EffectivePolicy policy = EffectivePolicy.DEFAULT;
        private @Nullable WordFilter filter;
    }

    public StoredRules(ProcessorContext<?, ?> context) {
        this.store = STORE.uncountedIn(context);
    }

    @Override
    public EffectivePolicy policy() {
        return atHand().policy;
    }

    @Override
    public boolean isBanned(String userId, Timestamp at) {
        Ban ban = atHand().bans.get(BanSubject.ofUser(userId));
        return ban != null && !isOver(ban, at);
    }

    private static boolean isOver(Ban ban, Timestamp at) {
        return ban.hasUntil() && Timestamps.compare(ban.getUntil(), at) <= 0;
    }

    @Override
    public WordFilter words() {
        AtHand now = atHand();
        if (now.filter == null) {
            now.filter = WordFilter.of(now.words);
        }
        return now.filter;
    }

    /**
     * Makes a change, and forgets some of the bans that are over.
     *
     * @param at the time of the change in the log
     * @return why the change cannot be made, or null where it was
     */
    public @Nullable Refusal change(RulesCommand change, Timestamp at) {
        AtHand now = atHand();
        List<Ban> over =
                now.bans.values().stream().filter(ban -> isOver(ban, at)).toList();
        Refusal flaw = RulesChange.flaw(change, now.words.size(), now.bans.size() - over.size());
        if (flaw != null) {
            return flaw;
        }
        over.stream().limit(MAX_FORGOTTEN_AT_ONCE).forEach(ban -> store.delete(RulesChange.keyOfBan(ban)));
        RulesChange.of(change, now.policy).forEach((key, record) -> {
            if (record == null) {
                store.delete(key);
            } else {
                store.put(key, record);
            }
        });
        atHand = null;
        return null;
    }

    /** Reads the rules from the store again before they are next needed. */
    public void reload() {
        atHand = null;
    }

    private AtHand atHand() {
        if (atHand == null) {
            AtHand read = new AtHand();
            try (KeyValueIterator<String, RuleRecord> all = store.all()) {
                all.forEachRemaining(entry -> add(read, entry.value));
            }
            atHand = read;
        }
        return atHand;
    }

    private static void add(AtHand rules, RuleRecord record) {
        switch (record.getRuleCase()) {
            case WORD -> rules.words.put(record.getWord().getWord(), action(record.getWord()));
            case BAN -> rules.bans.put(BanSubject.of(record.getBan()), record.getBan());
            case POLICY -> rules.policy = new EffectivePolicy(record.getPolicy());
            case RULE_NOT_SET -> throw new IllegalStateException("a rule about nothing was never stored");
        }
    }

    private static Action action(WordRule rule) {
        return switch (rule.getAction()) {
            case FLAG -> Action.FLAG;
            case MASK -> Action.MASK;
            case REFUSE -> Action.REFUSE;
            case MODERATION_ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("a word without an action was never stored");
        };
    }
}
