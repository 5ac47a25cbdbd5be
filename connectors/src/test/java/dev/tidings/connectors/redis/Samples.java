package dev.tidings.connectors.redis;

import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.UserBadge;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records as they come from the topics. */
final class Samples {

    private Samples() {}

    static SinkRecord event(String conversationId, long seq) {
        byte[] value = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), seq, value);
    }

    static SinkRecord edit(String conversationId, long seq, long messageSeq) {
        byte[] value = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageEdited(MessageEdited.newBuilder().setSeq(messageSeq))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), seq, value);
    }

    static SinkRecord recall(String conversationId, long seq, long messageSeq) {
        byte[] value = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageRecalled(MessageRecalled.newBuilder().setSeq(messageSeq))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), seq, value);
    }

    static SinkRecord reaction(String conversationId, long seq, long messageSeq) {
        byte[] value = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setReactionChanged(ReactionChanged.newBuilder().setSeq(messageSeq))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), seq, value);
    }

    static SinkRecord pin(String conversationId, long seq, long messageSeq) {
        byte[] value = ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setPinChanged(PinChanged.newBuilder().setSeq(messageSeq))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), seq, value);
    }

    static SinkRecord profile(String userId, String name, long version) {
        byte[] value = UserProfile.newBuilder()
                .setUserId(userId)
                .setDisplayName(name)
                .setVersion(version)
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.DIRECTORY.name(), version, value);
    }

    static SinkRecord view(String userId, String conversationId, long version) {
        return view(userId, viewOf(conversationId, version));
    }

    /** @param deletedTo the user has deleted all events up to this one */
    static SinkRecord viewWithDeletion(String userId, String conversationId, long version, long deletedTo) {
        return view(
                userId,
                viewOf(conversationId, version)
                        .addDeleted(SeqRange.newBuilder().setFromSeq(1).setToSeq(deletedTo)));
    }

    private static ConversationView.Builder viewOf(String conversationId, long version) {
        return ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(1_000 - version)
                .setLastMessage(MessagePreview.newBuilder().setText("preview"))
                .setVersion(version);
    }

    private static SinkRecord view(String userId, ConversationView.Builder view) {
        byte[] value = UserEvent.newBuilder()
                .setUserId(userId)
                .setViewChanged(view)
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.USER_EVENTS.name(), view.getVersion(), value);
    }

    static SinkRecord badge(String userId, long unread, long version) {
        byte[] value = UserEvent.newBuilder()
                .setUserId(userId)
                .setBadgeChanged(UserBadge.newBuilder().setUnread(unread).setVersion(version))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.USER_EVENTS.name(), version, value);
    }

    static SinkRecord notified(String userId, long badge, long version) {
        byte[] value = Notification.newBuilder()
                .setUserId(userId)
                .setBadge(badge)
                .setBadgeVersion(version)
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.NOTIFICATIONS.name(), version, value);
    }
}
