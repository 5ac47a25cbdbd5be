package dev.tidings.processors.conversation;

import dev.tidings.processors.store.GatewayIndex;
import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.MentionsRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.state.v1.SendRateRecord;
import dev.tidings.state.v1.SequenceRecord;
import dev.tidings.v1.ForgetEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The state of all conversations of a task, in the topology's state stores.
 *
 * <p>The store {@code sequences} derives heads and names from entries ({@link SequenceIndex}) when the unit of work is written.
 * Until then a {@link #conversation} that has applied an event knows its new head; one that is created later does not. So at
 * most one event of a conversation is applied in a unit of work.
 */
final class ConversationStores {

    private static final StateStore<String, SequenceRecord> SEQUENCES =
            new StateStore<>("sequences", Serdes.String(), ProtoSerde.of(SequenceRecord.parser()), new SequenceIndex());
    private static final StateStore<String, MentionsRecord> MENTIONS =
            new StateStore<>("mentions", Serdes.String(), ProtoSerde.of(MentionsRecord.parser()));
    private static final StateStore<String, MemberRecord> MEMBERS =
            new StateStore<>("members", Serdes.String(), ProtoSerde.of(MemberRecord.parser()));
    private static final StateStore<String, MemberRecord> FORMER_MEMBERS =
            new StateStore<>("former-members", Serdes.String(), ProtoSerde.of(MemberRecord.parser()));
    private static final StateStore<String, GroupRecord> GROUPS =
            new StateStore<>("groups", Serdes.String(), ProtoSerde.of(GroupRecord.parser()));
    private static final StateStore<String, ReactionsRecord> REACTIONS =
            new StateStore<>("reactions", Serdes.String(), ProtoSerde.of(ReactionsRecord.parser()));
    private static final StateStore<String, SendRateRecord> SEND_RATES =
            new StateStore<>("send-rates", Serdes.String(), ProtoSerde.of(SendRateRecord.parser()));
    private static final StateStore<String, GatewaySubscriptionsRecord> SUBSCRIPTIONS = new StateStore<>(
            "gateway-subscriptions", Serdes.String(), ProtoSerde.of(GatewaySubscriptionsRecord.parser()));
    private static final StateStore<String, Long> GATEWAY_CONVERSATIONS = GatewayIndex.store("gateway-conversations");

    static final List<StateStore<?, ?>> ALL = List.of(
            SEQUENCES,
            MENTIONS,
            MEMBERS,
            FORMER_MEMBERS,
            GROUPS,
            REACTIONS,
            SEND_RATES,
            SUBSCRIPTIONS,
            GATEWAY_CONVERSATIONS);

    private final KeyValueStore<String, SequenceRecord> sequences;
    private final KeyValueStore<String, MentionsRecord> mentions;
    private final KeyValueStore<String, MemberRecord> members;
    private final KeyValueStore<String, MemberRecord> formerMembers;
    private final KeyValueStore<String, GroupRecord> groups;
    private final KeyValueStore<String, ReactionsRecord> reactions;
    private final KeyValueStore<String, SendRateRecord> sendRates;
    private final KeyValueStore<String, GatewaySubscriptionsRecord> subscriptions;
    private final GatewayIndex gatewayConversations;

    ConversationStores(ProcessorContext<?, ?> context) {
        this.sequences = SEQUENCES.in(context);
        this.mentions = MENTIONS.in(context);
        this.members = MEMBERS.in(context);
        this.formerMembers = FORMER_MEMBERS.in(context);
        this.groups = GROUPS.in(context);
        this.reactions = REACTIONS.in(context);
        this.sendRates = SEND_RATES.in(context);
        this.subscriptions = SUBSCRIPTIONS.in(context);
        this.gatewayConversations = new GatewayIndex(GATEWAY_CONVERSATIONS, context);
    }

    Conversation.Mutable conversation(String conversationId) {
        return new Stored(conversationId);
    }

    /** A page of the conversations that this epoch of a gateway or an earlier one is subscribed to. */
    GatewayIndex.Page subscribedTo(int slot, long epoch, String afterConversationId, int limit) {
        return gatewayConversations.tiedTo(slot, epoch, afterConversationId, limit);
    }

    /**
     * One step of deleting a generation.
     *
     * @param operations the store operations used
     * @param next the cursor of the next step; null if all is deleted
     */
    record Deletion(int operations, @Nullable ForgetEvents next) {}

    /** Deletes records of an old generation of a conversation, with at most {@code maxOperations} store operations. */
    Deletion deleteGeneration(String conversationId, ForgetEvents from, int maxOperations) {
        List<KeyValueStore<String, ?>> perGeneration = List.of(sequences, mentions, reactions, sendRates);
        String space = SequenceIndex.space(conversationId, from.getGeneration());
        int operations = 0;
        String after = from.getAfterKey();
        for (int store = from.getStore(); store < perGeneration.size(); store++) {
            // reading a key is one operation, deleting it another one
            int limit = (maxOperations - operations) / 2;
            List<String> keys = keys(
                    perGeneration.get(store),
                    after.isEmpty() ? StoreKey.firstOf(space) : StoreKey.after(after),
                    StoreKey.lastOf(space),
                    limit);
            keys.forEach(perGeneration.get(store)::delete);
            operations += 2 * keys.size();
            if (keys.size() == limit) {
                return new Deletion(
                        operations,
                        ForgetEvents.newBuilder()
                                .setGeneration(from.getGeneration())
                                .setStore(store)
                                .setAfterKey(keys.isEmpty() ? after : keys.getLast())
                                .build());
            }
            after = "";
        }
        return new Deletion(operations, null);
    }

    private static List<String> keys(KeyValueStore<String, ?> store, String from, String to, int limit) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, ?> all = store.range(from, to)) {
            while (keys.size() < limit && all.hasNext()) {
                keys.add(all.next().key);
            }
        }
        return keys;
    }

    private final class Stored implements Conversation.Mutable {

        private final String id;
        private @Nullable ConversationHead head;
        private @Nullable String space;
        private @Nullable GroupRecord group;

        Stored(String id) {
            this.id = id;
        }

        /** The first part of the keys of all records of the current generation. */
        private String space() {
            if (space == null) {
                space = SequenceIndex.space(id, head().getGeneration());
            }
            return space;
        }

        @Override
        public ConversationHead head() {
            if (head == null) {
                SequenceRecord stored = sequences.get(SequenceIndex.headKey(id));
                head = stored == null ? ConversationHead.getDefaultInstance() : stored.getHead();
            }
            return head;
        }

        @Override
        public @Nullable EntryRecord entry(long seq) {
            SequenceRecord stored = sequences.get(SequenceIndex.entryKey(space(), seq));
            return stored == null ? null : stored.getEntry();
        }

        @Override
        public long seqOf(String scope, String name) {
            SequenceRecord stored = sequences.get(SequenceIndex.nameKey(space(), scope, name));
            return stored == null ? 0 : stored.getSeq();
        }

        @Override
        public MentionsRecord mentions(long seq) {
            MentionsRecord stored = mentions.get(StoreKey.of(space(), seq));
            return stored == null ? MentionsRecord.getDefaultInstance() : stored;
        }

        @Override
        public long firstMentions(long fromSeq) {
            try (KeyValueIterator<String, MentionsRecord> all =
                    mentions.range(StoreKey.of(space(), fromSeq), StoreKey.lastOf(space()))) {
                return all.hasNext() ? Long.parseLong(StoreKey.second(all.next().key), 16) : 0;
            }
        }

        @Override
        public void putMentions(long seq, MentionsRecord changed) {
            mentions.put(StoreKey.of(space(), seq), changed);
        }

        @Override
        public void deleteMentions(long seq) {
            mentions.delete(StoreKey.of(space(), seq));
        }

        @Override
        public MemberRecord member(String userId) {
            MemberRecord stored = members.get(StoreKey.of(id, userId));
            return stored == null ? MemberRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putHead(ConversationHead newHead) {
            head = newHead;
        }

        @Override
        public void putEntry(long seq, EntryRecord entry) {
            if (head().getLastSeq() != seq) {
                throw new IllegalStateException("the entry of seq " + seq + " of " + id
                        + " needs its head; the head has seq " + head().getLastSeq());
            }
            updateEntry(seq, entry);
        }

        @Override
        public void updateEntry(long seq, EntryRecord entry) {
            SequenceRecord.Builder record = SequenceRecord.newBuilder().setEntry(entry);
            if (head().getLastSeq() == seq) {
                record.setHead(head());
            }
            sequences.put(SequenceIndex.entryKey(space(), seq), record.build());
        }

        @Override
        public void deleteEntry(long seq) {
            sequences.delete(SequenceIndex.entryKey(space(), seq));
        }

        @Override
        public boolean deleteReactions(long seq, int atMost) {
            String of = StoreKey.of(space(), seq);
            List<String> keys = keys(reactions, StoreKey.firstOf(of), StoreKey.lastOf(of), atMost);
            keys.forEach(reactions::delete);
            return keys.size() < atMost;
        }

        @Override
        public void putMember(String userId, MemberRecord member) {
            members.put(StoreKey.of(id, userId), member);
        }

        @Override
        public void deleteMember(String userId) {
            members.delete(StoreKey.of(id, userId));
        }

        @Override
        public MemberRecord formerMember(String userId) {
            MemberRecord stored = formerMembers.get(StoreKey.of(id, userId));
            return stored == null ? MemberRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putFormerMember(String userId, MemberRecord member) {
            formerMembers.put(StoreKey.of(id, userId), member);
        }

        @Override
        public void deleteFormerMember(String userId) {
            formerMembers.delete(StoreKey.of(id, userId));
        }

        @Override
        public void visitMembers(String afterUserId, BiPredicate<String, MemberRecord> visitor) {
            String from = afterUserId.isEmpty() ? StoreKey.firstOf(id) : StoreKey.after(StoreKey.of(id, afterUserId));
            try (KeyValueIterator<String, MemberRecord> all = members.range(from, StoreKey.lastOf(id))) {
                boolean wantsMore = true;
                while (wantsMore && all.hasNext()) {
                    KeyValue<String, MemberRecord> entry = all.next();
                    wantsMore = visitor.test(StoreKey.second(entry.key), entry.value);
                }
            }
        }

        @Override
        public GroupRecord group() {
            if (group == null) {
                GroupRecord stored = groups.get(id);
                group = stored == null ? GroupRecord.getDefaultInstance() : stored;
            }
            return group;
        }

        @Override
        public void putGroup(GroupRecord newGroup) {
            groups.put(id, newGroup);
            group = newGroup;
        }

        @Override
        public ReactionsRecord reactions(long seq, String userId) {
            ReactionsRecord stored = reactions.get(StoreKey.of(StoreKey.of(space(), seq), userId));
            return stored == null ? ReactionsRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putReactions(long seq, String userId, ReactionsRecord changed) {
            reactions.put(StoreKey.of(StoreKey.of(space(), seq), userId), changed);
        }

        @Override
        public SendRateRecord sendRate(String userId) {
            SendRateRecord stored = sendRates.get(StoreKey.of(space(), userId));
            return stored == null ? SendRateRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putSendRate(String userId, SendRateRecord changed) {
            sendRates.put(StoreKey.of(space(), userId), changed);
        }

        @Override
        public GatewaySubscriptionsRecord subscriptions() {
            GatewaySubscriptionsRecord stored = subscriptions.get(id);
            return stored == null ? GatewaySubscriptionsRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putSubscriptions(GatewaySubscriptionsRecord changed) {
            gatewayConversations.put(
                    id, GatewaySubscriptions.epochs(subscriptions()), GatewaySubscriptions.epochs(changed));
            if (changed.getSubscriptionsCount() == 0) {
                subscriptions.delete(id);
            } else {
                subscriptions.put(id, changed);
            }
        }

        @Override
        public boolean beginGeneration() {
            ConversationHead before = head();
            if (before.getLastSeq() < Math.max(1, before.getOldestSeq())) {
                return false;
            }
            head = before.toBuilder()
                    .setGeneration(before.getGeneration() + 1)
                    .setOldestSeq(before.getLastSeq() + 1)
                    .clearMentionsKept()
                    .clearOldestMentionsSeq()
                    .build();
            space = null;
            // no entry has this head, so it is logged
            sequences.put(
                    SequenceIndex.headKey(id),
                    SequenceRecord.newBuilder().setHead(head).build());
            return true;
        }
    }
}
