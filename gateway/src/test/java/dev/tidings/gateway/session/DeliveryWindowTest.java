package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {

    private static final long TIMEOUT = 1_000;

    private final DeliveryWindow window = new DeliveryWindow(3, TIMEOUT);

    @Test
    void frames_are_numbered_from_one() {
        assertEquals(1, added("p:a:b", 1, 0).getDeliverySeq());
        assertEquals(2, added("p:a:c", 1, 0).getDeliverySeq());
    }

    @Test
    void an_event_that_comes_again_is_not_delivered_again() {
        added("p:a:b", 5, 0);

        assertNull(window.add(event("p:a:b", 5), 0));
        assertNull(window.add(event("p:a:b", 4), 0));
    }

    @Test
    void facts_outside_the_sequence_are_always_delivered() {
        added("p:a:b", 0, 0);
        added("p:a:b", 0, 0);
    }

    @Test
    void the_window_is_full_at_its_capacity_and_has_room_after_an_acknowledgement() {
        for (long seq = 1; seq <= 3; seq++) {
            added("p:a:b", seq, 0);
        }
        assertTrue(window.isFull());

        assertTrue(window.acknowledge(2, 0));

        assertFalse(window.isFull());
    }

    @Test
    void what_was_never_sent_cannot_be_acknowledged() {
        added("p:a:b", 1, 0);

        assertFalse(window.acknowledge(2, 0));
        assertFalse(window.acknowledge(-1, 0));
    }

    @Test
    void what_is_not_acknowledged_in_time_is_sent_again_in_order() {
        Events first = added("p:a:b", 1, 0);
        Events second = added("p:a:b", 2, 0);

        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, window.overdue(TIMEOUT - 1));
        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(first, second)), window.overdue(TIMEOUT));
    }

    @Test
    void each_attempt_waits_twice_as_long_and_the_last_one_gives_up() {
        added("p:a:b", 1, 0);
        long now = TIMEOUT;
        for (long wait = 2 * TIMEOUT; wait <= 8 * TIMEOUT; wait *= 2) {
            assertInstanceOf(DeliveryWindow.Overdue.Resend.class, window.overdue(now));
            assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, window.overdue(now + wait - 1));
            now += wait;
        }

        assertInstanceOf(DeliveryWindow.Overdue.GiveUp.class, window.overdue(now));
    }

    @Test
    void an_acknowledgement_that_makes_progress_starts_the_wait_anew() {
        added("p:a:b", 1, 0);
        added("p:a:b", 2, 0);

        window.acknowledge(1, TIMEOUT - 1);

        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, window.overdue(TIMEOUT));
    }

    private Events added(String conversationId, long seq, long now) {
        return Objects.requireNonNull(window.add(event(conversationId, seq), now));
    }

    private static ConversationEvent event(String conversationId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .build();
    }
}
