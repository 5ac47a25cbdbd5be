package dev.tidings.ops.connect;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Presence;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionClosed;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserEvent;
import java.time.Instant;

/** Events as the topologies write them. */
final class Events {

    static final Instant FIRST_SENT_AT = Instant.parse("2026-03-31T23:59:58.123Z");

    private Events() {}

    /** Returns a message event of this seq, sent a second after the one before it. */
    static ConversationEvent message(String conversationId, long seq) {
        return event(conversationId, seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId(conversationId + '#' + seq)
                        .setSender(seq % 2 == 0 ? "bob" : "alice")
                        .setClientMsgId("m" + seq)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("text " + seq))))
                .build();
    }

    /** Returns an edit of the message at messageSeq by its sender. */
    static ConversationEvent edit(String conversationId, long seq, long messageSeq) {
        MessageSent message = message(conversationId, messageSeq).getMessageSent();
        return event(conversationId, seq)
                .setMessageEdited(MessageEdited.newBuilder()
                        .setSeq(messageSeq)
                        .setMessageId(message.getMessageId())
                        .setSender(message.getSender())
                        .setClientMsgId(message.getClientMsgId())
                        .setSentAt(sentAt(messageSeq))
                        .setMessageIndex(messageSeq)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("edited by " + seq)))
                        .setBy(message.getSender()))
                .build();
    }

    /** Returns an edit of a message beyond the newest 1,024 events, of which only the seq is known. */
    static ConversationEvent recall(String conversationId, long seq, long messageSeq) {
        return event(conversationId, seq)
                .setMessageRecalled(
                        MessageRecalled.newBuilder().setSeq(messageSeq).setBy("admin"))
                .build();
    }

    /** Returns an event of this seq without a body, sent a second after the one before it. */
    static ConversationEvent.Builder event(String conversationId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageIndex(seq)
                .setSentAt(sentAt(seq))
                .setCommandId(conversationId + '#' + seq);
    }

    static ConversationEvent read(String conversationId, String userId, long readSeq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSentAt(sentAt(readSeq))
                .setReadAdvanced(ReadAdvanced.newBuilder()
                        .setUserId(userId)
                        .setReadSeq(readSeq)
                        .setReadIndex(readSeq))
                .build();
    }

    /** Returns a delivery receipt that is sent at the time of the event with this seq. */
    static ConversationEvent delivered(String conversationId, long atSeq, String userId, long deliveredSeq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSentAt(sentAt(atSeq))
                .setDeliveredAdvanced(
                        DeliveredAdvanced.newBuilder().setUserId(userId).setDeliveredSeq(deliveredSeq))
                .build();
    }

    /** Returns the begin or the end of a session, at the time of the event with this seq. */
    static UserEvent session(String userId, String sessionId, boolean opened, long atSeq) {
        Session session = Session.newBuilder()
                .setSessionId(sessionId)
                .setDeviceId("d-" + sessionId)
                .setPlatform(Platform.WEB)
                .build();
        UserEvent.Builder event = UserEvent.newBuilder().setUserId(userId).setAt(sentAt(atSeq));
        return opened
                ? event.setSessionOpened(session).build()
                : event.setSessionClosed(SessionClosed.newBuilder().setSession(session))
                        .build();
    }

    static UserEvent presence(String userId, boolean online, long atSeq) {
        return UserEvent.newBuilder()
                .setUserId(userId)
                .setAt(sentAt(atSeq))
                .setPresenceChanged(Presence.newBuilder()
                        .setUserId(userId)
                        .setOnline(online)
                        .addPlatforms(Platform.WEB))
                .build();
    }

    static UserEvent view(String userId, String conversationId, long version) {
        return UserEvent.newBuilder()
                .setUserId(userId)
                .setViewChanged(ConversationView.newBuilder()
                        .setConversationId(conversationId)
                        .setLastSeq(version)
                        .setVersion(version))
                .build();
    }

    private static Timestamp sentAt(long seq) {
        return Timestamps.fromMillis(FIRST_SENT_AT.toEpochMilli() + (seq - 1) * 1_000);
    }
}
