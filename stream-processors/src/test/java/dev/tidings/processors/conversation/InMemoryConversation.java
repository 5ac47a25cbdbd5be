package dev.tidings.processors.conversation;

import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conversation in plain maps. */
final class InMemoryConversation implements Conversation.Evolving {

    private ConversationHead head = ConversationHead.getDefaultInstance();
    private final Map<Long, EntryRecord> entries = new HashMap<>();
    private final Map<Name, Long> names = new HashMap<>();
    private final Map<String, MemberRecord> members = new HashMap<>();

    private record Name(String sender, String clientMsgId) {}

    static InMemoryConversation after(Iterable<ConversationEvent> events) {
        InMemoryConversation conversation = new InMemoryConversation();
        events.forEach(event -> ConversationDecider.evolve(conversation, event));
        return conversation;
    }

    int entriesKept() {
        return entries.size();
    }

    int namesKept() {
        return names.size();
    }

    @Override
    public ConversationHead head() {
        return head;
    }

    @Override
    public @Nullable EntryRecord entry(long seq) {
        return entries.get(seq);
    }

    @Override
    public long seqOf(String sender, String clientMsgId) {
        return names.getOrDefault(new Name(sender, clientMsgId), 0L);
    }

    @Override
    public MemberRecord member(String userId) {
        return members.getOrDefault(userId, MemberRecord.getDefaultInstance());
    }

    @Override
    public void putHead(ConversationHead newHead) {
        head = newHead;
    }

    @Override
    public void putEntry(long seq, EntryRecord entry) {
        entries.put(seq, entry);
        names.put(new Name(entry.getSender(), entry.getClientMsgId()), seq);
    }

    @Override
    public void forgetEntry(long seq, EntryRecord entry) {
        entries.remove(seq);
        names.remove(new Name(entry.getSender(), entry.getClientMsgId()));
    }

    @Override
    public void putMember(String userId, MemberRecord member) {
        members.put(userId, member);
    }
}
