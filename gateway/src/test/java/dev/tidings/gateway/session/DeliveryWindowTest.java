package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {

    private static final long TIMEOUT = 1_000;

    private final List<Long> acknowledged = new ArrayList<>();
    private double random = 0.5;
    private final BufferBudget budget = new BufferBudget(1_000_000);
    private final DeliveryWindow window = new DeliveryWindow(3, TIMEOUT, () -> random, budget);

    @Test
    void frames_are_numbered_from_one() {
        assertEquals(1, added("p:a:b", 1, 0).deliverySeq());
        assertEquals(2, added("p:a:c", 1, 0).deliverySeq());
    }

    @Test
    void the_window_is_full_at_its_capacity_and_has_room_after_an_acknowledgement() {
        for (long seq = 1; seq <= 3; seq++) {
            added("p:a:b", seq, 0);
        }
        assertTrue(window.isFull());

        assertTrue(acknowledge(2, 0));

        assertFalse(window.isFull());
    }

    @Test
    void a_number_that_was_not_sent_cannot_be_acknowledged() {
        added("p:a:b", 1, 0);

        assertFalse(acknowledge(2, 0));
        assertFalse(acknowledge(-1, 0));
    }

    @Test
    void each_acknowledged_frame_is_passed_on_once() {
        for (long seq = 1; seq <= 3; seq++) {
            added("p:a:b", seq, 0);
        }

        acknowledge(2, 0);
        acknowledge(2, 0);

        assertEquals(List.of(1L, 2L), acknowledged);
        assertEquals(
                List.of(3L),
                window.unacknowledged().stream().map(EventFrame::deliverySeq).toList());
    }

    @Test
    void a_wait_is_randomly_up_to_a_fifth_shorter_or_longer() {
        random = 0;
        added("p:a:b", 1, 0);
        assertInstanceOf(DeliveryWindow.Overdue.None.class, overdue(799));
        random = 1;
        assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(800));

        assertInstanceOf(DeliveryWindow.Overdue.None.class, overdue(800 + 2_399));
        assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(800 + 2_400));
    }

    @Test
    void frames_not_acknowledged_in_time_are_sent_again_in_order() {
        EventFrame first = added("p:a:b", 1, 0);
        EventFrame second = added("p:a:b", 2, 0);

        assertInstanceOf(DeliveryWindow.Overdue.None.class, overdue(TIMEOUT - 1));
        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(first, second), 0), overdue(TIMEOUT));
    }

    @Test
    void the_wait_doubles_after_each_attempt_and_the_last_one_gives_up() {
        added("p:a:b", 1, 0);
        long now = TIMEOUT;
        for (long wait = 2 * TIMEOUT; wait <= 8 * TIMEOUT; wait *= 2) {
            assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(now));
            assertInstanceOf(DeliveryWindow.Overdue.None.class, overdue(now + wait - 1));
            now += wait;
        }

        assertInstanceOf(DeliveryWindow.Overdue.GiveUp.class, overdue(now));
    }

    @Test
    void an_acknowledgement_of_a_frame_restarts_the_wait() {
        added("p:a:b", 1, 0);
        added("p:a:b", 2, 0);

        acknowledge(1, TIMEOUT - 1);

        assertInstanceOf(DeliveryWindow.Overdue.None.class, overdue(TIMEOUT));
    }

    @Test
    void an_expired_message_is_not_sent_again_and_needs_no_acknowledgement() {
        EventFrame first = added("p:a:b", 1, 0);
        window.add(expiring(2, 500), 0);
        EventFrame third = added("p:a:b", 3, 0);

        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(first, third), 1), window.overdue(TIMEOUT, 500));
        assertFalse(window.isFull());
        assertTrue(acknowledge(3, TIMEOUT));
    }

    @Test
    void a_message_that_has_not_expired_is_sent_again() {
        EventFrame frame = window.add(expiring(1, 500), 0);

        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(frame), 0), window.overdue(TIMEOUT, 499));
    }

    private DeliveryWindow.Overdue overdue(long now) {
        return window.overdue(now, 0);
    }

    private boolean acknowledge(long upTo, long now) {
        return window.acknowledge(upTo, now, frame -> acknowledged.add(frame.deliverySeq()));
    }

    private EventFrame added(String conversationId, long seq, long now) {
        return window.add(
                new LiveEvent(ConversationEvent.newBuilder()
                        .setConversationId(conversationId)
                        .setSeq(seq)
                        .build()),
                now);
    }

    private static LiveEvent expiring(long seq, long atMillis) {
        return new LiveEvent(ConversationEvent.newBuilder()
                .setConversationId("p:a:b")
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder().setExpiresAt(Timestamps.fromMillis(atMillis)))
                .build());
    }

    @Test
    void a_frame_that_the_socket_has_not_taken_is_not_sent_again_and_ends_the_session_all_the_same() {
        EventFrame first = added("p:a:b", 1, 0);
        EventFrame second = added("p:a:b", 2, 0);
        first.setWaiting(true);

        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(second), 0), overdue(TIMEOUT));
        second.setWaiting(true);
        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(), 0), overdue(TIMEOUT * 3));
        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(), 0), overdue(TIMEOUT * 7));
        assertInstanceOf(DeliveryWindow.Overdue.GiveUp.class, overdue(TIMEOUT * 15));
    }

    @Test
    void frames_count_against_the_budget_until_they_are_acknowledged_or_dropped() {
        added("p:a:b", 1, 0);
        added("p:a:b", 2, 0);
        long two = budget.heldBytes();
        assertTrue(two > 0);

        acknowledge(1, 0);
        assertTrue(budget.heldBytes() < two);
        assertTrue(window.bytes() > 0);
        window.clear();

        assertEquals(0, budget.heldBytes());
        assertEquals(0, window.bytes());
    }

    @Test
    void an_event_that_sessions_share_counts_once() {
        DeliveryWindow other = new DeliveryWindow(3, TIMEOUT, () -> random, budget);
        LiveEvent event = new LiveEvent(ConversationEvent.newBuilder()
                .setConversationId("r:" + "x".repeat(10_000))
                .build());

        window.add(event, 0);
        other.add(event, 0);
        assertTrue(budget.heldBytes() < 40_000, () -> "held " + budget.heldBytes());
        window.clear();
        assertTrue(budget.heldBytes() > 30_000);
        other.clear();

        assertEquals(0, budget.heldBytes());
    }
}
