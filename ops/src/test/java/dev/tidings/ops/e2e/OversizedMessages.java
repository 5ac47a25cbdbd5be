package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserCommand;
import java.util.UUID;
import java.util.function.IntFunction;

/** Makes commands of any size, padded by unknown fields or by a frame id longer than clients may send. */
final class OversizedMessages {

    private final String suffix;

    /** @param suffix marks the commands of one test */
    OversizedMessages(String suffix) {
        this.suffix = suffix;
    }

    /** Returns the message of exactly this size in bytes. */
    static <M extends MessageLite> M padded(int size, IntFunction<M> message) {
        int padding = size - (message.apply(size).getSerializedSize() - size);
        M exact = message.apply(padding);
        assertEquals(size, exact.getSerializedSize());
        return exact;
    }

    Command hidden(String conversationId, int unknownBytes) {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[unknownBytes]))
                                .build())
                .build();
        return send(conversationId, "hidden-" + suffix + '-' + UUID.randomUUID()).toBuilder()
                .setSendMessage(send(conversationId, "hidden").getSendMessage().toBuilder()
                        .setClientMsgId(UUID.randomUUID().toString())
                        .setFlags(SendFlags.newBuilder().setUnknownFields(unknown)))
                .build();
    }

    Command withLongFrameId(String conversationId, int frameIdBytes) {
        return send(conversationId, "long-" + suffix + '-' + UUID.randomUUID()).toBuilder()
                .setOrigin(
                        Origin.newBuilder().setSessionId("no-session-" + suffix).setFrameId("f".repeat(frameIdBytes)))
                .build();
    }

    private static Command send(String conversationId, String commandId) {
        return Command.newBuilder()
                .setCommandId(commandId)
                .setConversationId(conversationId)
                .setActor(conversationId.split(":")[1])
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(commandId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("an attack"))))
                .build();
    }

    UserCommand sync(int frameIdBytes) {
        return UserCommand.newBuilder()
                .setUserId("a-" + suffix)
                .setSyncRequest(SyncRequest.newBuilder()
                        .setMode(SyncMode.FULL)
                        .setOrigin(Origin.newBuilder()
                                .setSessionId("no-session-" + suffix)
                                .setFrameId("f".repeat(frameIdBytes))))
                .build();
    }
}
