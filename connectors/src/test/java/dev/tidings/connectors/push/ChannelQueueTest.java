package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelQueueTest {

    private static final long NOW = 1_774_000_000_000L;

    private final ChannelQueue queue = new ChannelQueue();

    @Test
    void a_device_has_one_attempt_at_a_time_and_devices_take_turns() {
        add("a", 1);
        add("a", 2);
        add("b", 3);
        assertEquals(List.of("a 1", "b 3"), begin());

        queue.ended(delivery("a", 1), false, NOW);
        assertEquals(List.of("a 2"), begin());
        assertEquals(0, queue.waiting());
    }

    @Test
    void thirty_two_run_at_once() {
        for (int i = 0; i < 40; i++) {
            add("d" + i, 1);
        }
        assertEquals(ChannelQueue.AT_ONCE, begin().size());
    }

    @Test
    void devices_that_failed_share_a_few_places_and_leave_the_others_to_the_rest() {
        // one success among them keeps the circuit closed
        for (int i = 0; i < 30; i++) {
            PushDelivery failing = add("slow" + i, 1);
            begin();
            queue.ended(failing, true, NOW);
            PushDelivery good = add("good", i);
            begin();
            queue.ended(good, false, NOW);
        }
        for (int i = 0; i < 30; i++) {
            add("slow" + i, 2);
        }
        assertEquals(ChannelQueue.AT_ONCE_AFTER_A_FAILURE, begin().size());
        for (int i = 0; i < 30; i++) {
            add("fresh" + i, 1);
        }
        assertEquals(ChannelQueue.AT_ONCE - ChannelQueue.AT_ONCE_AFTER_A_FAILURE, begin().size());
    }

    @Test
    void what_waits_is_bounded_for_a_device_and_as_a_whole() {
        for (int i = 0; i < ChannelQueue.MAX_WAITING_PER_DEVICE; i++) {
            assertFalse(queue.isFullFor(new Device("alice", "a")));
            add("a", i);
        }
        assertTrue(queue.isFullFor(new Device("alice", "a")));
        for (int i = ChannelQueue.MAX_WAITING_PER_DEVICE; i < ChannelQueue.MAX_WAITING; i++) {
            assertFalse(queue.isFullFor(new Device("alice", "d" + i)));
            add("d" + i, 1);
        }
        assertTrue(queue.isFullFor(new Device("alice", "another")));
    }

    @Test
    void what_is_taken_out_is_not_attempted() {
        add("a", 1);
        add("b", 1);
        add("b", 2);
        assertEquals(
                2, queue.take(delivery -> delivery.notification().getSeq() == 1).size());
        assertEquals(List.of("b 2"), begin());
        assertNull(queue.begin(NOW));
    }

    private PushDelivery add(String deviceId, long seq) {
        PushDelivery delivery = delivery(deviceId, seq);
        queue.add(delivery);
        return delivery;
    }

    private List<String> begin() {
        List<String> begun = new ArrayList<>();
        PushDelivery next = queue.begin(NOW);
        while (next != null) {
            begun.add(next.target().getDeviceId() + ' ' + next.notification().getSeq());
            next = queue.begin(NOW);
        }
        return begun;
    }

    private static PushDelivery delivery(String deviceId, long seq) {
        var notification = Pushes.notification(seq, Pushes.webhook(deviceId));
        return PushDelivery.first(
                new Origin(Pushes.record(notification)), notification.build(), Pushes.webhook(deviceId), NOW);
    }
}
