package dev.tidings.connectors.redis;

import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.UserEvent;
import java.util.function.UnaryOperator;
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

    static SinkRecord view(String userId, String conversationId, long version) {
        byte[] value = UserEvent.newBuilder()
                .setUserId(userId)
                .setViewChanged(ConversationView.newBuilder()
                        .setConversationId(conversationId)
                        .setLastSeq(1_000 - version)
                        .setLastMessage(MessagePreview.newBuilder().setText("preview"))
                        .setVersion(version))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.USER_EVENTS.name(), version, value);
    }

    static SinkRecord unread(String userId, String conversationId, long version, long unread) {
        return quiet(userId, conversationId, version, view -> view.setUnread(unread));
    }

    /** With four unread messages, and whatever else it is given. */
    static SinkRecord quiet(
            String userId, String conversationId, long version, UnaryOperator<ConversationView.Builder> more) {
        ConversationView.Builder view = ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setVersion(version)
                .setUnread(4);
        byte[] value = UserEvent.newBuilder()
                .setUserId(userId)
                .setViewChanged(more.apply(view))
                .build()
                .toByteArray();
        return FakeSinkContext.record(Topics.USER_EVENTS.name(), version, value);
    }
}
