package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.UserEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the operator says to all reaches all, although none of them is named. That it goes to each gateway once, a witness knows. */
final class BroadcastRecount {

    private final World world;
    private final Ledger ledger;
    /** By session: when it was opened. */
    private final Map<String, Long> opened = new HashMap<>();

    BroadcastRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
        for (UserEvent event : world.cluster.committed(Topics.USER_EVENTS)) {
            if (event.hasSessionOpened()) {
                opened.merge(event.getSessionOpened().getSessionId(), Timestamps.toMillis(event.getAt()), Math::min);
            }
        }
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

    /**
     * Of what is said while it is open, live or by its last sync. One that opens when its gateway has handed the broadcast on
     * already, and syncs before INBOX has taken it up, learns of it by its next sync or the next broadcast.
     */
    void everyOpenSessionIsToldOfEveryBroadcast() {
        for (Rest rest : List.of(world.rest(), world.fullHouse())) {
            for (Rest.Known known : rest.known()) {
                if (rest.ledger().broadcasts().contains(known.conversationId())) {
                    long openedMillis = opened.getOrDefault(known.sessionId(), Long.MAX_VALUE);
                    rest.ledger().sequence(known.conversationId()).stream()
                            .filter(event -> Timestamps.toMillis(event.getSentAt()) > openedMillis)
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
