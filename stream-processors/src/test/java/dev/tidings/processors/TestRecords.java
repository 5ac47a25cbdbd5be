package dev.tidings.processors;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Platform;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.Session;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;

/**
 * Builds commands and events for tests. The n-th event of a conversation happens n seconds after {@link #EPOCH_MILLIS}.
 */
public final class TestRecords {

    public static final long EPOCH_MILLIS = 1_700_000_000_000L;

    /** In microseconds, as {@link dev.tidings.processors.inbox.state.SyncClock} counts. */
    public static final long EPOCH_MICROS = EPOCH_MILLIS * 1_000;

    public static final long MICROS_PER_SECOND = 1_000_000;

    private TestRecords() {}

    public static Timestamp at(long seconds) {
        return Timestamps.fromMillis(EPOCH_MILLIS + seconds * 1000);
    }

    public static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }

    public static Command send(String conversationId, String actor, String clientMsgId) {
        return send(conversationId, actor, clientMsgId, text("says " + clientMsgId));
    }

    public static Command send(String conversationId, String actor, String clientMsgId, Content content) {
        return Command.newBuilder()
                .setCommandId("send-" + actor + '-' + clientMsgId)
                .setConversationId(conversationId)
                .setActor(actor)
                .setSendMessage(
                        SendMessage.newBuilder().setClientMsgId(clientMsgId).setContent(content))
                .build();
    }

    public static Command markRead(String conversationId, String actor, long seq) {
        return Command.newBuilder()
                .setCommandId("read-" + actor + '-' + seq)
                .setConversationId(conversationId)
                .setActor(actor)
                .setMarkRead(MarkRead.newBuilder().setSeq(seq))
                .build();
    }

    /** Returns the event of {@link #send} with this seq, in a conversation of messages only. */
    public static ConversationEvent sent(String conversationId, long seq, String sender, String clientMsgId) {
        return sent(conversationId, seq, sender, clientMsgId, text("says " + clientMsgId));
    }

    public static ConversationEvent sent(
            String conversationId, long seq, String sender, String clientMsgId, Content content) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageIndex(seq)
                .setSentAt(at(seq))
                .setCommandId("send-" + sender + '-' + clientMsgId)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("send-" + sender + '-' + clientMsgId)
                        .setSender(sender)
                        .setClientMsgId(clientMsgId)
                        .setContent(content))
                .build();
    }

    public static ConversationEvent read(String conversationId, String userId, long seq, long messageIndex) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setMessageIndex(messageIndex)
                .setSentAt(at(seq))
                .setCommandId("read-" + userId + '-' + seq)
                .setReadAdvanced(ReadAdvanced.newBuilder()
                        .setUserId(userId)
                        .setReadSeq(seq)
                        .setReadIndex(seq))
                .build();
    }

    public static Origin origin(int slot, String sessionId, String frameId) {
        return Origin.newBuilder()
                .setGatewaySlot(slot)
                .setSessionId(sessionId)
                .setFrameId(frameId)
                .build();
    }

    public static Origin business(String source, String requestId) {
        return Origin.newBuilder()
                .setBusiness(BusinessOrigin.newBuilder().setSource(source).setRequestId(requestId))
                .build();
    }

    public static Session session(String sessionId, String deviceId, int slot, long epoch) {
        return Session.newBuilder()
                .setSessionId(sessionId)
                .setDeviceId(deviceId)
                .setPlatform(Platform.WEB)
                .setGatewaySlot(slot)
                .setGatewayEpoch(epoch)
                .build();
    }

    public static UserCommand open(String userId, Session session) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setOpenSession(OpenSession.newBuilder().setSession(session))
                .build();
    }

    public static UserCommand close(String userId, String sessionId) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setCloseSession(CloseSession.newBuilder().setSessionId(sessionId))
                .build();
    }

    public static UserCommand gone(int slot, long epoch, long lastBeatSeconds) {
        return UserCommand.newBuilder()
                .setGatewayGone(GatewayGone.newBuilder()
                        .setGatewaySlot(slot)
                        .setGatewayEpoch(epoch)
                        .setLastBeatAt(at(lastBeatSeconds)))
                .build();
    }

    /** Returns the messages of one conversation that a session has not acknowledged. */
    public static UserCommand undelivered(String userId, String sessionId, String conversationId, long... seqs) {
        Undelivered.Builder undelivered = Undelivered.newBuilder().setSessionId(sessionId);
        for (long seq : seqs) {
            undelivered.addMessages(MessageReference.newBuilder()
                    .setConversationId(conversationId)
                    .setSeq(seq));
        }
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setUndelivered(undelivered)
                .build();
    }

    /** Returns a presence request of alice's session on a gateway in this epoch; presence is visible to everyone. */
    public static UserCommand watch(String watched, Origin origin, long epoch, WatchPresence.Mode mode) {
        return watch("alice", WatchPresence.Visibility.EVERYONE, watched, origin, epoch, mode);
    }

    public static UserCommand watch(
            String watcher,
            WatchPresence.Visibility visibility,
            String watched,
            Origin origin,
            long epoch,
            WatchPresence.Mode mode) {
        return UserCommand.newBuilder()
                .setUserId(watched)
                .setWatchPresence(WatchPresence.newBuilder()
                        .setOrigin(origin)
                        .setGatewayEpoch(epoch)
                        .setWatcherUserId(watcher)
                        .setVisibility(visibility)
                        .setMode(mode))
                .build();
    }

    public static UserCommand registerPush(String userId, Origin origin, String deviceId, String token) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setRegisterPush(RegisterPush.newBuilder()
                        .setOrigin(origin)
                        .setDeviceId(deviceId)
                        .setChannel("log")
                        .setToken(token))
                .build();
    }

    public static UserCommand sync(String userId, Origin origin, SyncMode mode, long since) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setSyncRequest(
                        SyncRequest.newBuilder().setOrigin(origin).setMode(mode).setSince(since))
                .build();
    }
}
