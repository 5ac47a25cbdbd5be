package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks that every broadcast reaches every user, although no user is named. */
final class BroadcastRecount {

    private final World world;
    private final Ledger ledger;

    BroadcastRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    void everyBroadcastGoesToEveryInboxPartitionOnce() {
        Map<String, Integer> expected = new TreeMap<>();
        ledger.broadcasts()
                .forEach(broadcast -> ledger.sequence(broadcast).forEach(event -> expected.put(place(event), 1)));
        for (Partition partition : world.cluster.partitions(Topics.INBOX)) {
            Map<String, Integer> told = new TreeMap<>();
            for (Partition.Appended record : partition.committed()) {
                InboxRecord inbox = Ledger.value(Topics.INBOX, record);
                if (inbox.getEveryone()) {
                    told.merge(place(inbox.getEvent()), 1, Integer::sum);
                }
            }
            assertEquals(expected, told);
        }
    }

    /** A gateway delivers each record to all its sessions of the partition: a second record would deliver it twice. */
    void everyInboxPartitionDeliversABroadcastToAGatewayOnce() {
        Set<String> delivered = new HashSet<>();
        for (Delivery delivery : world.cluster.committed(Topics.DELIVERIES)) {
            BroadcastDelivery broadcast = delivery.getBroadcast();
            assertTrue(
                    !delivery.hasBroadcast()
                            || delivered.add(place(broadcast.getEvent()) + " from " + broadcast.getInboxPartition()
                                    + " to " + delivery.getGatewaySlot()),
                    () -> "twice: " + delivery);
        }
    }

    /** Live, or by its last sync. */
    void everyOpenSessionIsToldOfEveryBroadcast() {
        for (Rest rest : List.of(world.rest(), world.fullHouse())) {
            for (Rest.Known known : rest.known()) {
                if (rest.ledger().broadcasts().contains(known.conversationId())) {
                    rest.ledger()
                            .sequence(known.conversationId())
                            .forEach(event -> assertTrue(
                                    event.getSeq() <= known.toldSeq()
                                            || known.arrived().contains(event.getSeq()),
                                    () -> known + " lacks " + event));
                }
            }
        }
    }

    /** From its beginning: what was said before the user came may be read, too. */
    void everyDeviceHasEveryBroadcastInOrder() {
        for (Device device : world.people.devices()) {
            ledger.broadcasts()
                    .forEach(broadcast -> assertEquals(
                            ledger.sequence(broadcast),
                            List.copyOf(device.timeline(broadcast).events().values()),
                            () -> device.userId + '/' + device.deviceId));
        }
    }

    private static String place(ConversationEvent event) {
        return event.getConversationId() + '#' + event.getSeq();
    }

    /** How many cases there were, for people. */
    @Override
    public String toString() {
        return "broadcasts="
                + ledger.broadcasts().stream()
                        .mapToInt(broadcast -> ledger.sequence(broadcast).size())
                        .sum();
    }
}
