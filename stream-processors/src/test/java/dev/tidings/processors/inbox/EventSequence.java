package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.text;

import dev.tidings.v1.AllMuted;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.FriendDeclined;
import dev.tidings.v1.FriendRemoved;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessagesDeleted;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.RemarkChanged;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds the events of a conversation as INBOX receives them: numbers them as CONVERSATION does, one second apart, and
 * keeps them all. It decides nothing.
 */
final class EventSequence {

    private final String conversationId;
    private final List<ConversationEvent> events = new ArrayList<>();
    private long lastSeq;
    private long messageIndex;

    EventSequence(String conversationId) {
        this.conversationId = conversationId;
    }

    List<ConversationEvent> events() {
        return List.copyOf(events);
    }

    long lastSeq() {
        return lastSeq;
    }

    ConversationEvent sent(String sender, String... mentioned) {
        return sent(
                sender,
                SendFlags.getDefaultInstance(),
                Mentions.newBuilder().addAllUserIds(List.of(mentioned)).build());
    }

    ConversationEvent sentToAll(String sender) {
        return sent(
                sender,
                SendFlags.getDefaultInstance(),
                Mentions.newBuilder().setAll(true).build());
    }

    ConversationEvent sentQuietly(String sender, String... mentioned) {
        return sent(
                sender,
                SendFlags.newBuilder().setNoUnread(true).build(),
                Mentions.newBuilder().addAllUserIds(List.of(mentioned)).build());
    }

    ConversationEvent sentUntil(long expiresAtSeconds, String sender, String... mentioned) {
        return sent(
                sender,
                SendFlags.getDefaultInstance(),
                Mentions.newBuilder().addAllUserIds(List.of(mentioned)).build(),
                message -> message.setExpiresAt(at(expiresAtSeconds)));
    }

    private ConversationEvent sent(String sender, SendFlags flags, Mentions mentions) {
        return sent(sender, flags, mentions, message -> {});
    }

    private ConversationEvent sent(
            String sender, SendFlags flags, Mentions mentions, Consumer<MessageSent.Builder> rest) {
        if (!flags.getNoUnread()) {
            messageIndex++;
        }
        return next(event -> {
            MessageSent.Builder message = MessageSent.newBuilder()
                    .setMessageId("m" + event.getSeq())
                    .setSender(sender)
                    .setContent(text("says " + event.getSeq()))
                    .setMentions(mentions)
                    .setFlags(flags);
            rest.accept(message);
            event.setMessageSent(message);
        });
    }

    /** @param mentioned the users whom the message mentions after the edit */
    ConversationEvent edited(ConversationEvent message, String body, String... mentioned) {
        return edited(
                message,
                body,
                Mentions.newBuilder().addAllUserIds(List.of(mentioned)).build());
    }

    /** After the edit, the message mentions all members. */
    ConversationEvent editedToAll(ConversationEvent message, String body) {
        return edited(message, body, Mentions.newBuilder().setAll(true).build());
    }

    private ConversationEvent edited(ConversationEvent message, String body, Mentions mentions) {
        MessageSent sent = message.getMessageSent();
        return next(event -> event.setMessageEdited(MessageEdited.newBuilder()
                .setSeq(message.getSeq())
                .setMessageId(sent.getMessageId())
                .setSender(sent.getSender())
                .setSentAt(message.getSentAt())
                .setMessageIndex(message.getMessageIndex())
                .setCountable(!sent.getFlags().getNoUnread())
                .setMentions(mentions)
                .setContent(text(body))));
    }

    ConversationEvent recalled(ConversationEvent message) {
        return next(event -> event.setMessageRecalled(MessageRecalled.newBuilder()
                .setSeq(message.getSeq())
                .setMessageIndex(message.getMessageIndex())
                .setCountable(!message.getMessageSent().getFlags().getNoUnread())));
    }

    /** Reads up to a sequenced event. */
    ConversationEvent read(String userId, ConversationEvent upTo) {
        return besides(event -> event.setReadAdvanced(ReadAdvanced.newBuilder()
                .setUserId(userId)
                .setReadSeq(upTo.getSeq())
                .setReadIndex(upTo.getMessageIndex())));
    }

    ConversationEvent deleted(String userId, long fromSeq, long toSeq) {
        MessagesDeleted.Builder deleted = MessagesDeleted.newBuilder()
                .setUserId(userId)
                .addRanges(SeqRange.newBuilder().setFromSeq(fromSeq).setToSeq(toSeq));
        for (ConversationEvent event : events) {
            boolean counts =
                    event.hasMessageSent() && !event.getMessageSent().getFlags().getNoUnread();
            if (fromSeq <= event.getSeq() && event.getSeq() <= toSeq && fromSeq == 1) {
                deleted.setUpToIndex(event.getMessageIndex());
            } else if (fromSeq <= event.getSeq() && event.getSeq() <= toSeq && counts) {
                deleted.addMessageIndexes(event.getMessageIndex());
            }
        }
        return besides(event -> event.setMessagesDeleted(deleted));
    }

    ConversationEvent reacted(String userId, long seq) {
        return next(event -> event.setReactionChanged(
                ReactionChanged.newBuilder().setUserId(userId).setSeq(seq).setReaction("+1")));
    }

    ConversationEvent pinned(String by, long seq) {
        return next(
                event -> event.setPinChanged(PinChanged.newBuilder().setBy(by).setSeq(seq)));
    }

    ConversationEvent created(GroupProfile profile, String owner, String... members) {
        return next(event -> event.setGroupCreated(
                GroupCreated.newBuilder().setProfile(profile).setOwner(owner).addAllMembers(List.of(members))));
    }

    ConversationEvent updated(GroupProfile profile) {
        return next(event -> event.setGroupUpdated(GroupUpdated.newBuilder().setProfile(profile)));
    }

    ConversationEvent added(GroupProfile profile, String... users) {
        return next(event -> event.setMembersAdded(
                MembersAdded.newBuilder().setProfile(profile).addAllUserIds(List.of(users))));
    }

    ConversationEvent becameLarge(GroupProfile profile, String... users) {
        return next(event -> event.setMembersAdded(MembersAdded.newBuilder()
                .setProfile(profile)
                .addAllUserIds(List.of(users))
                .setBecameLarge(true)));
    }

    ConversationEvent allMuted(boolean muted) {
        return next(event -> event.setAllMuted(AllMuted.newBuilder().setMuted(muted)));
    }

    ConversationEvent left(String userId) {
        return next(event -> event.setMemberLeft(MemberLeft.newBuilder().setUserId(userId)));
    }

    ConversationEvent removed(String... users) {
        return next(event -> event.setMembersRemoved(MembersRemoved.newBuilder().addAllUserIds(List.of(users))));
    }

    ConversationEvent joinRequested(String userId) {
        return besides(
                event -> event.setJoinRequested(JoinRequested.newBuilder().setUserId(userId)));
    }

    ConversationEvent roleChanged(String userId, Role role) {
        return next(event ->
                event.setRoleChanged(RoleChanged.newBuilder().setUserId(userId).setRole(role)));
    }

    ConversationEvent transferred(String from, String to) {
        return next(event -> event.setOwnershipTransferred(
                OwnershipTransferred.newBuilder().setFrom(from).setTo(to)));
    }

    ConversationEvent dissolved() {
        return next(event -> event.setGroupDissolved(GroupDissolved.getDefaultInstance()));
    }

    ConversationEvent friendRequested(String by, String note) {
        return next(event ->
                event.setFriendRequested(FriendRequested.newBuilder().setBy(by).setNote(note)));
    }

    ConversationEvent friendAccepted(String by) {
        return next(event -> event.setFriendAccepted(FriendAccepted.newBuilder().setBy(by)));
    }

    ConversationEvent friendDeclined(String by) {
        return besides(
                event -> event.setFriendDeclined(FriendDeclined.newBuilder().setBy(by)));
    }

    ConversationEvent friendRemoved(String by) {
        return next(event -> event.setFriendRemoved(FriendRemoved.newBuilder().setBy(by)));
    }

    ConversationEvent blocked(String by, boolean blocked) {
        return besides(event ->
                event.setBlockChanged(BlockChanged.newBuilder().setBy(by).setBlocked(blocked)));
    }

    ConversationEvent remarked(String by, String remark) {
        return besides(event ->
                event.setRemarkChanged(RemarkChanged.newBuilder().setBy(by).setRemark(remark)));
    }

    private ConversationEvent next(Consumer<ConversationEvent.Builder> body) {
        lastSeq++;
        return tell(lastSeq, body);
    }

    private ConversationEvent besides(Consumer<ConversationEvent.Builder> body) {
        return tell(0, body);
    }

    private ConversationEvent tell(long seq, Consumer<ConversationEvent.Builder> body) {
        int number = events.size() + 1;
        ConversationEvent.Builder event = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageIndex(messageIndex)
                .setSentAt(at(number))
                .setCommandId("command-" + number);
        body.accept(event);
        events.add(event.build());
        return event.build();
    }
}
