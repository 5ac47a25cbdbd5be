package dev.tidings.ops.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

    private static final ConversationEvent SENT = ConversationEvent.newBuilder()
            .setConversationId("p:alice:bob")
            .setSeq(7)
            .setCommandId("m")
            .setMessageSent(MessageSent.newBuilder().setSender("alice"))
            .build();

    private final StepMatcher matcher = new StepMatcher("m");

    @Test
    void an_id_contains_its_creation_time() {
        assertEquals(
                Instant.parse("2026-11-21T10:00:00Z"),
                Trace.timeOf(CommandId.ofRecord(
                        "tidings.business",
                        0,
                        1,
                        Instant.parse("2026-11-21T10:00:00Z").toEpochMilli())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"})
    void a_text_that_is_no_message_id_is_refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Trace.timeOf(text));
    }

    @Test
    void matches_positions_at_or_beyond_the_message_once_its_seq_is_known() {
        assertNull(matcher.of(delivered(9)));
        assertEquals("event", Objects.requireNonNull(matcher.of(SENT)).stage());

        assertNull(matcher.of(delivered(6)));
        assertEquals("ack", Objects.requireNonNull(matcher.of(delivered(7))).stage());
        assertNull(matcher.of(
                delivered(9).toBuilder().setConversationId("p:alice:carol").build()));
    }

    @Test
    void matches_only_records_of_the_message() {
        assertNotNull(matcher.of(delivery(SENT)));
        assertNull(matcher.of(delivery(SENT.toBuilder().setCommandId("another").build())));
        assertNotNull(
                matcher.of(PushOutcome.newBuilder().setNotificationId("m:bob").build()));
        assertNotNull(matcher.of(retry("m")));
        assertNull(matcher.of(retry("another")));
    }

    @Test
    void matches_events_of_the_receiver_that_carry_a_position_at_or_beyond_the_message() {
        matcher.of(SENT);

        assertNull(matcher.of(reply("bob", 6)));
        assertNull(matcher.of(reply("alice", 7)));
        assertEquals("ack", Objects.requireNonNull(matcher.of(reply("bob", 7))).stage());
    }

    private static ConversationEvent reply(String sender, long deliveredSeq) {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(8)
                .setCommandId("reply")
                .setDeliveredSeq(deliveredSeq)
                .setMessageSent(MessageSent.newBuilder().setSender(sender))
                .build();
    }

    private static PushRetry retry(String messageId) {
        return PushRetry.newBuilder()
                .setNotification(Notification.newBuilder().setMessageId(messageId))
                .build();
    }

    private static Delivery delivery(ConversationEvent event) {
        return Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds("s1"))
                .build();
    }

    private static ConversationEvent delivered(long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setCommandId("d" + seq)
                .setDeliveredAdvanced(
                        DeliveredAdvanced.newBuilder().setUserId("bob").setDeliveredSeq(seq))
                .build();
    }
}
