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

    private final List<Long> arrived = new ArrayList<>();
    private double chance = 0.5;
    private final BufferBudget budget = new BufferBudget(1_000_000);
    private final DeliveryWindow window = new DeliveryWindow(3, TIMEOUT, () -> chance, budget);

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
    void what_was_never_sent_cannot_be_acknowledged() {
        added("p:a:b", 1, 0);

        assertFalse(acknowledge(2, 0));
        assertFalse(acknowledge(-1, 0));
    }

    @Test
    void who_listens_hears_once_of_each_frame_that_has_arrived() {
        for (long seq = 1; seq <= 3; seq++) {
            added("p:a:b", seq, 0);
        }

        acknowledge(2, 0);
        acknowledge(2, 0);

        assertEquals(List.of(1L, 2L), arrived);
        assertEquals(
                List.of(3L),
                window.unacknowledged().stream().map(EventFrame::deliverySeq).toList());
    }

    @Test
    void chance_makes_a_wait_shorter_or_longer_by_a_fifth_at_most() {
        chance = 0;
        added("p:a:b", 1, 0);
        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, overdue(799));
        chance = 1;
        assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(800));

        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, overdue(800 + 2_399));
        assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(800 + 2_400));
    }

    @Test
    void what_is_not_acknowledged_in_time_is_sent_again_in_order() {
        EventFrame first = added("p:a:b", 1, 0);
        EventFrame second = added("p:a:b", 2, 0);

        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, overdue(TIMEOUT - 1));
        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(first, second), 0), overdue(TIMEOUT));
    }

    @Test
    void each_attempt_waits_twice_as_long_and_the_last_one_gives_up() {
        added("p:a:b", 1, 0);
        long now = TIMEOUT;
        for (long wait = 2 * TIMEOUT; wait <= 8 * TIMEOUT; wait *= 2) {
            assertInstanceOf(DeliveryWindow.Overdue.Resend.class, overdue(now));
            assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, overdue(now + wait - 1));
            now += wait;
        }

        assertInstanceOf(DeliveryWindow.Overdue.GiveUp.class, overdue(now));
    }

    @Test
    void an_acknowledgement_that_makes_progress_starts_the_wait_anew() {
        added("p:a:b", 1, 0);
        added("p:a:b", 2, 0);

        acknowledge(1, TIMEOUT - 1);

        assertInstanceOf(DeliveryWindow.Overdue.Nothing.class, overdue(TIMEOUT));
    }

    @Test
    void what_has_expired_is_not_sent_again_and_needs_no_acknowledgement() {
        EventFrame first = added("p:a:b", 1, 0);
        window.add(expiring(2, 500), 0);
        EventFrame third = added("p:a:b", 3, 0);

        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(first, third), 1), window.overdue(TIMEOUT, 500));
        assertFalse(window.isFull());
        assertTrue(acknowledge(3, TIMEOUT));
    }

    @Test
    void what_has_not_expired_yet_is_sent_again() {
        EventFrame frame = window.add(expiring(1, 500), 0);

        assertEquals(new DeliveryWindow.Overdue.Resend(List.of(frame), 0), window.overdue(TIMEOUT, 499));
    }

    private DeliveryWindow.Overdue overdue(long now) {
        return window.overdue(now, 0);
    }

    private boolean acknowledge(long upTo, long now) {
        return window.acknowledge(upTo, now, frame -> arrived.add(frame.deliverySeq()));
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
    void what_is_held_is_counted_until_it_is_acknowledged_or_dropped() {
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
    void an_event_that_many_sessions_share_is_counted_once() {
        DeliveryWindow other = new DeliveryWindow(3, TIMEOUT, () -> chance, budget);
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
