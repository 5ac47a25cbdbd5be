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
import dev.tidings.v1.PushOutcome;
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
            .setMessageSent(MessageSent.getDefaultInstance())
            .build();

    private final Steps steps = new Steps("m");

    @Test
    void an_id_tells_when_it_was_made() {
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
    void what_is_no_message_id_is_refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Trace.timeOf(text));
    }

    @Test
    void positions_at_or_beyond_the_message_are_steps_of_it_once_its_place_is_known() {
        assertNull(steps.of(delivered(9)));
        assertEquals("event", Objects.requireNonNull(steps.of(SENT)).stage());

        assertNull(steps.of(delivered(6)));
        assertEquals("ack", Objects.requireNonNull(steps.of(delivered(7))).stage());
        assertNull(steps.of(
                delivered(9).toBuilder().setConversationId("p:alice:carol").build()));
    }

    @Test
    void only_what_is_about_the_message_is_a_step() {
        assertNotNull(steps.of(delivery(SENT)));
        assertNull(steps.of(delivery(SENT.toBuilder().setCommandId("another").build())));
        assertNotNull(
                steps.of(PushOutcome.newBuilder().setNotificationId("m:bob").build()));
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
