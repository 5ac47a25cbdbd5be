package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.TextContent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventRowsTest {

    private static final long SENT_AT_MILLIS = 1_774_000_000_123L;

    @Test
    void aMessageMakesAnEventAndAMessage() {
        ConversationEvent event = sent(text("hello")).build();

        List<Row> rows = EventRows.of(event.toByteArray());

        Row.Event row = assertInstanceOf(Row.Event.class, rows.getFirst());
        assertEquals("p:alice:bob", row.conversationId());
        assertEquals(5, row.seq());
        assertEquals(4, row.messageIndex());
        assertEquals(SENT_AT_MILLIS, row.sentAtMillis());
        assertEquals("c-1", row.commandId());
        assertEquals("message_sent", row.kind());
        assertEquals("alice", row.actor());
        assertTrue(row.body().contains("\"body\":\"hello\""), row::body);
        assertArrayEquals(event.toByteArray(), row.raw());
        assertEquals(
                new Row.Message(
                        "p:alice:bob",
                        5,
                        "c-1",
                        "alice",
                        "m1",
                        "text",
                        "hello",
                        "{\"text\":{\"body\":\"hello\"}}",
                        4,
                        SENT_AT_MILLIS,
                        5),
                rows.get(1));
        assertEquals(2, rows.size());
    }

    @Test
    void theCaptionOfAnImageIsItsText() {
        Content image = Content.newBuilder()
                .setImage(ImageContent.newBuilder().setCaption("a cat"))
                .build();
        Row.Message message = message(sent(image).build());
        assertEquals("image", message.contentType());
        assertEquals("a cat", message.text());
    }

    @Test
    void aLocationHasNoText() {
        Content location = Content.newBuilder()
                .setLocation(LocationContent.newBuilder().setName("Here"))
                .build();
        Row.Message message = message(sent(location).build());
        assertEquals("location", message.contentType());
        assertEquals("", message.text());
    }

    @Test
    void aReadPositionOutsideTheSequenceIsNoEvent() {
        ConversationEvent event = ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setReadAdvanced(
                        ReadAdvanced.newBuilder().setUserId("bob").setReadSeq(5).setReadIndex(4))
                .build();
        assertEquals(
                List.of(new Row.Read("p:alice:bob", "bob", 5, 4, SENT_AT_MILLIS)), EventRows.of(event.toByteArray()));
    }

    @Test
    void anEventThatIsNewerThanTheSinkIsKeptByItsBytes() {
        byte[] raw = sent(text("x"))
                .clearBody()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build()
                .toByteArray();
        List<Row> rows = EventRows.of(raw);
        Row.Event row = assertInstanceOf(Row.Event.class, rows.getFirst());
        assertEquals("unknown", row.kind());
        assertEquals("", row.actor());
        assertArrayEquals(raw, row.raw());
        assertEquals(1, rows.size());
    }

    @Test
    void sameBytesMakeSameRows() {
        byte[] raw = sent(text("again")).build().toByteArray();
        Row.Event first = (Row.Event) EventRows.of(raw).getFirst();
        Row.Event second = (Row.Event) EventRows.of(raw.clone()).getFirst();
        assertEquals(first.body(), second.body());
        assertEquals(EventRows.of(raw).get(1), EventRows.of(raw.clone()).get(1));
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReason() {
        assertRefused("no value", null);
        assertRefused("not a ConversationEvent", new byte[] {(byte) 0xff, 1});
        assertRefused("names no conversation", new byte[0]);
        assertRefused("seq is -1", sent(text("x")).setSeq(-1).build().toByteArray());
        assertRefused(
                "sent_at",
                sent(text("x"))
                        .setSentAt(Timestamp.newBuilder().setSeconds(20_000_000_000L))
                        .build()
                        .toByteArray());
        assertRefused(
                "imestamp",
                sent(text("x"))
                        .setSentAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()
                        .toByteArray());
    }

    private static void assertRefused(String reason, byte @Nullable [] raw) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> EventRows.of(raw));
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::toString);
    }

    private static Row.Message message(ConversationEvent event) {
        return assertInstanceOf(
                Row.Message.class, EventRows.of(event.toByteArray()).get(1));
    }

    private static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }

    private static ConversationEvent.Builder sent(Content content) {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(5)
                .setMessageIndex(4)
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setCommandId("c-1")
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("c-1")
                        .setSender("alice")
                        .setClientMsgId("m1")
                        .setContent(content));
    }
}
