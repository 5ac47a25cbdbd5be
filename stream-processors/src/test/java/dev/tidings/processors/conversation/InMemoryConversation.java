package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.MentionsRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.state.v1.SendRateRecord;
import dev.tidings.v1.ConversationEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A conversation whose state is in maps. */
final class InMemoryConversation implements Conversation.Mutable {

    private ConversationHead head = ConversationHead.getDefaultInstance();
    private final Map<Long, EntryRecord> entries = new HashMap<>();
    private final Map<Name, Long> names = new HashMap<>();
    private final TreeMap<Long, MentionsRecord> mentions = new TreeMap<>();
    private final TreeMap<String, MemberRecord> members = new TreeMap<>();
    private final Map<String, MemberRecord> formerMembers = new HashMap<>();
    private GroupRecord group = GroupRecord.getDefaultInstance();
    private final Map<Name, ReactionsRecord> reactions = new HashMap<>();
    private final Map<String, SendRateRecord> sendRates = new HashMap<>();
    private GatewaySubscriptionsRecord subscriptions = GatewaySubscriptionsRecord.getDefaultInstance();

    private int entriesRead;

    private record Name(String sender, String clientMsgId) {}

    static InMemoryConversation after(Iterable<ConversationEvent> events) {
        InMemoryConversation conversation = new InMemoryConversation();
        events.forEach(conversation::evolve);
        return conversation;
    }

    /** Applies an event as if its command had no operation id. */
    void evolve(ConversationEvent event) {
        CommandName name = event.hasMessageSent()
                ? new CommandName(
                        event.getMessageSent().getSender(),
                        event.getMessageSent().getClientMsgId())
                : CommandName.ofCommandId(event.getCommandId());
        ConversationDecider.evolve(this, EffectivePolicy.DEFAULT, event, name);
    }

    void resetCounts() {
        entriesRead = 0;
    }

    /** Entries read since the last reset. */
    int entriesRead() {
        return entriesRead;
    }

    int reactionsKept() {
        return reactions.size();
    }

    int mentionsKept() {
        return mentions.size();
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
        entriesRead++;
        return entries.get(seq);
    }

    @Override
    public long seqOf(String sender, String clientMsgId) {
        return names.getOrDefault(new Name(sender, clientMsgId), 0L);
    }

    @Override
    public MentionsRecord mentions(long seq) {
        return mentions.getOrDefault(seq, MentionsRecord.getDefaultInstance());
    }

    @Override
    public long firstMentions(long fromSeq) {
        Long first = mentions.ceilingKey(fromSeq);
        return first == null ? 0 : first;
    }

    @Override
    public void putMentions(long seq, MentionsRecord changed) {
        mentions.put(seq, changed);
    }

    @Override
    public void deleteMentions(long seq) {
        mentions.remove(seq);
    }

    @Override
    public MemberRecord member(String userId) {
        return members.getOrDefault(userId, MemberRecord.getDefaultInstance());
    }

    @Override
    public void visitMembers(String afterUserId, BiPredicate<String, MemberRecord> visitor) {
        for (Map.Entry<String, MemberRecord> entry :
                members.tailMap(afterUserId, false).entrySet()) {
            if (!visitor.test(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }

    @Override
    public GroupRecord group() {
        return group;
    }

    @Override
    public ReactionsRecord reactions(long seq, String userId) {
        return reactions.getOrDefault(new Name(userId, Long.toString(seq)), ReactionsRecord.getDefaultInstance());
    }

    @Override
    public SendRateRecord sendRate(String userId) {
        return sendRates.getOrDefault(userId, SendRateRecord.getDefaultInstance());
    }

    @Override
    public GatewaySubscriptionsRecord subscriptions() {
        return subscriptions;
    }

    @Override
    public void putHead(ConversationHead newHead) {
        head = newHead;
    }

    @Override
    public void putEntry(long seq, EntryRecord entry) {
        assertEquals(head.getLastSeq(), seq);
        entries.put(seq, entry);
        names.put(new Name(entry.getSender(), entry.getClientMsgId()), seq);
    }

    @Override
    public void updateEntry(long seq, EntryRecord entry) {
        entries.put(seq, entry);
    }

    @Override
    public void deleteEntry(long seq) {
        EntryRecord entry = Objects.requireNonNull(entries.remove(seq));
        names.remove(new Name(entry.getSender(), entry.getClientMsgId()));
    }

    @Override
    public boolean deleteReactions(long seq, int atMost) {
        List<Name> some = reactions.keySet().stream()
                .filter(name -> name.clientMsgId().equals(Long.toString(seq)))
                .limit(atMost)
                .toList();
        some.forEach(reactions::remove);
        return some.size() < atMost;
    }

    @Override
    public MemberRecord formerMember(String userId) {
        return formerMembers.getOrDefault(userId, MemberRecord.getDefaultInstance());
    }

    @Override
    public void putFormerMember(String userId, MemberRecord member) {
        formerMembers.put(userId, member);
    }

    @Override
    public void deleteFormerMember(String userId) {
        formerMembers.remove(userId);
    }

    @Override
    public void deleteMember(String userId) {
        members.remove(userId);
    }

    @Override
    public void putGroup(GroupRecord newGroup) {
        group = newGroup;
    }

    @Override
    public void putReactions(long seq, String userId, ReactionsRecord changed) {
        reactions.put(new Name(userId, Long.toString(seq)), changed);
    }

    @Override
    public void putSendRate(String userId, SendRateRecord changed) {
        sendRates.put(userId, changed);
    }

    @Override
    public void putSubscriptions(GatewaySubscriptionsRecord changed) {
        subscriptions = changed;
    }

    @Override
    public boolean beginGeneration() {
        throw new UnsupportedOperationException("no command does this by itself");
    }

    @Override
    public void putMember(String userId, MemberRecord member) {
        members.put(userId, member);
    }
}
