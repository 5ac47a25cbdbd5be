package dev.tidings.processors.conversation;

import dev.tidings.processors.parts.StateStore;
import dev.tidings.processors.parts.StoreKey;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Conversations as they stand in the topology's state stores. */
final class ConversationStores {

    private static final StateStore<String, ConversationHead> HEADS =
            new StateStore<>("conversations", Serdes.String(), ProtoSerde.of(ConversationHead.parser()));
    private static final StateStore<String, EntryRecord> ENTRIES =
            new StateStore<>("entries", Serdes.String(), ProtoSerde.of(EntryRecord.parser()));
    private static final StateStore<String, Long> NAMES =
            new StateStore<>("client-message-ids", Serdes.String(), Serdes.Long());
    private static final StateStore<String, MemberRecord> MEMBERS =
            new StateStore<>("members", Serdes.String(), ProtoSerde.of(MemberRecord.parser()));

    static final List<StateStore<?, ?>> ALL = List.of(HEADS, ENTRIES, NAMES, MEMBERS);

    private final KeyValueStore<String, ConversationHead> heads;
    private final KeyValueStore<String, EntryRecord> entries;
    private final KeyValueStore<String, Long> names;
    private final KeyValueStore<String, MemberRecord> members;

    ConversationStores(ProcessorContext<?, ?> context) {
        this.heads = HEADS.in(context);
        this.entries = ENTRIES.in(context);
        this.names = NAMES.in(context);
        this.members = MEMBERS.in(context);
    }

    Conversation.Evolving conversation(String conversationId) {
        return new Stored(conversationId);
    }

    private final class Stored implements Conversation.Evolving {

        private final String id;
        private @Nullable ConversationHead head;

        Stored(String id) {
            this.id = id;
        }

        @Override
        public ConversationHead head() {
            if (head == null) {
                ConversationHead stored = heads.get(id);
                head = stored == null ? ConversationHead.getDefaultInstance() : stored;
            }
            return head;
        }

        @Override
        public @Nullable EntryRecord entry(long seq) {
            return entries.get(StoreKey.of(id, seq));
        }

        @Override
        public long seqOf(String sender, String clientMsgId) {
            Long seq = names.get(StoreKey.of(id, sender, clientMsgId));
            return seq == null ? 0 : seq;
        }

        @Override
        public MemberRecord member(String userId) {
            MemberRecord stored = members.get(StoreKey.of(id, userId));
            return stored == null ? MemberRecord.getDefaultInstance() : stored;
        }

        @Override
        public void putHead(ConversationHead newHead) {
            heads.put(id, newHead);
            head = newHead;
        }

        @Override
        public void putEntry(long seq, EntryRecord entry) {
            entries.put(StoreKey.of(id, seq), entry);
            names.put(StoreKey.of(id, entry.getSender(), entry.getClientMsgId()), seq);
        }

        @Override
        public void forgetEntry(long seq, EntryRecord entry) {
            entries.delete(StoreKey.of(id, seq));
            names.delete(StoreKey.of(id, entry.getSender(), entry.getClientMsgId()));
        }

        @Override
        public void putMember(String userId, MemberRecord member) {
            members.put(StoreKey.of(id, userId), member);
        }
    }
}
