package dev.tidings.ops.replay;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.test.TestRecord;

/** Records of tests, in few words. */
final class Records {

    static final String CONVERSATION = "p:alice:bob";
    static final long TIME = 1_700_000_000_000L;

    private Records() {}

    static ConversationEvent event(String commandId, String text) {
        return ConversationEvent.newBuilder()
                .setConversationId(CONVERSATION)
                .setSeq(7)
                .setCommandId(commandId)
                .setMessageSent(MessageSent.newBuilder().setContent(content(text)))
                .build();
    }

    static ConsumerRecord<byte[], byte[]> recorded(byte[] value) {
        return new ConsumerRecord<>(
                Topics.CONVERSATION_EVENTS.name(),
                0,
                3,
                TIME,
                TimestampType.CREATE_TIME,
                0,
                0,
                utf8(CONVERSATION),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    static EventRecord recorded(ConversationEvent event) {
        return EventRecord.recorded(recorded(event.toByteArray()));
    }

    static EventRecord computed(ConversationEvent event) {
        return EventRecord.computed(
                new TestRecord<>(utf8(CONVERSATION), event.toByteArray(), new RecordHeaders(), TIME));
    }

    static ConsumerRecord<byte[], byte[]> command(long offset, String key, byte[] value) {
        return new ConsumerRecord<>(
                Topics.COMMANDS.name(),
                0,
                offset,
                TIME + offset,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                utf8(key),
                value,
                new RecordHeaders().add("traceparent", utf8("00-1")),
                Optional.empty());
    }

    static Command send(String clientMsgId) {
        return Command.newBuilder()
                .setCommandId("send-" + clientMsgId)
                .setConversationId(CONVERSATION)
                .setActor("alice")
                .setSendMessage(
                        SendMessage.newBuilder().setClientMsgId(clientMsgId).setContent(content("hello")))
                .build();
    }

    static Command.Builder hello(Command.Builder command) {
        return command.setActor("alice")
                .setSendMessage(SendMessage.newBuilder().setClientMsgId("m1").setContent(content("hello")));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Content content(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }
}
