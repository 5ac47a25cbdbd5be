package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.Limits;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeDeliveriesTest {

    private static final ConversationEvent EVENT =
            TestRecords.sent("g:team", 1, "alice", "m1", TestRecords.text("x".repeat(60_000)));

    @Test
    void sessions_beyond_the_size_of_one_delivery_are_split_in_order() {
        EventDeliveries fanOut =
                new EventDeliveries(InboxRecord.newBuilder().setEvent(EVENT).build());
        List<String> expected = new ArrayList<>();
        for (int user = 0; user < 40_000; user++) {
            Session session = TestRecords.session(String.format("%036d", user), "phone", user % 2, 1);
            fanOut.add(List.of(session), ViewRecord.getDefaultInstance(), ViewRecord.getDefaultInstance());
            if (user % 2 == 1) {
                expected.add(session.getSessionId());
            }
        }

        List<Delivery> deliveries = fanOut.deliveries();

        assertTrue(deliveries.stream().allMatch(delivery -> delivery.getSerializedSize() <= Limits.DELIVERY));
        List<EventDelivery> toSlotOne = deliveries.stream()
                .filter(delivery -> delivery.getGatewaySlot() == 1)
                .map(Delivery::getEvent)
                .toList();
        assertEquals(3, toSlotOne.size());
        assertTrue(toSlotOne.stream().allMatch(delivery -> delivery.getEvent().equals(EVENT)));
        assertEquals(
                expected,
                toSlotOne.stream()
                        .flatMap(delivery -> delivery.getSessionIdsList().stream())
                        .toList());
    }

    @Test
    void sessions_that_fit_exactly_are_in_one_delivery() {
        int room = Limits.DELIVERY - EVENT.getSerializedSize() - 64;
        Session largest = TestRecords.session("s".repeat(room - 4), "phone", 0, 1);
        Session aByteMore = TestRecords.session("s".repeat(room - 3), "tablet", 0, 1);

        assertEquals(1, deliveries(largest).size());
        assertTrue(deliveries(largest).getFirst().getSerializedSize() <= Limits.DELIVERY);
        assertEquals(2, deliveries(largest, aByteMore).size());
    }

    private static List<Delivery> deliveries(Session... sessions) {
        EventDeliveries fanOut =
                new EventDeliveries(InboxRecord.newBuilder().setEvent(EVENT).build());
        fanOut.add(List.of(sessions), ViewRecord.getDefaultInstance(), ViewRecord.getDefaultInstance());
        return fanOut.deliveries();
    }
}
