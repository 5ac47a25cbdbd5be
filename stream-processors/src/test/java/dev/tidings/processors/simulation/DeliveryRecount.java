package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.UnreadRecount;
import dev.tidings.v1.ConversationEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks that every event reaches the devices of its recipients, in order and once. */
final class DeliveryRecount {

    private final World world;
    private final Ledger ledger;

    DeliveryRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    /** An event comes live, as an answer or by the last sync. Messages that expire need not come. */
    void everyOpenSessionReceivesEverything() {
        isToldOfEverything(world.snapshot());
        isToldOfEverything(world.everyoneOnline());
        assertFalse(world.everyoneOnline().known().isEmpty(), "no session is open");
    }

    private static void isToldOfEverything(Snapshot snapshot) {
        assertEquals(List.of(), snapshot.unsynced(), "sessions that missed events before their start");
        for (Snapshot.Known known : snapshot.known()) {
            for (ConversationEvent event : snapshot.ledger()
                    .received
                    .getOrDefault(known.userId(), Map.of())
                    .getOrDefault(known.conversationId(), List.of())) {
                assertTrue(
                        Guests.needsConsent(known.userId(), known.conversationId())
                                || event.getSeq() <= known.knownSeq()
                                || known.arrived().contains(event.getSeq())
                                || event.getMessageSent().hasExpiresAt(),
                        () -> known + " lacks " + event);
            }
        }
    }

    /** From the event with which the user joined, or from the start if the group allows it, to the one with which they left. */
    void everyMessageReachesEveryDevice() {
        forEachDevice((device, conversation, visible) -> {
            Timeline timeline = device.timeline(conversation);
            for (ConversationEvent event : visible) {
                assertTrue(timeline.has(event.getSeq()), () -> where(device) + " lacks " + event);
            }
        });
    }

    void everyMessageIsShownOnce() {
        forEachDevice((device, conversation, visible) -> {
            List<String> shown = device.timeline(conversation).shown();
            Set<String> once = new HashSet<>(shown);
            assertEquals(once.size(), shown.size(), () -> where(device) + " in " + conversation + ": " + shown);
            for (ConversationEvent event : visible) {
                if (event.hasMessageSent()) {
                    assertTrue(once.contains(name(event)), () -> where(device) + " does not show " + event);
                }
            }
            Set<String> said = new HashSet<>();
            ledger.sequence(conversation).forEach(event -> said.add(name(event)));
            assertTrue(said.containsAll(once), () -> where(device) + " shows messages that do not exist: " + shown);
        });
    }

    /** The device holds the same events as history, whatever way and order they came in. */
    void everyDeviceHasTheHistoryInOrder() {
        forEachDevice((device, conversation, visible) -> {
            Map<Long, ConversationEvent> history = new TreeMap<>();
            ledger.sequence(conversation).forEach(event -> history.put(event.getSeq(), event));
            device.timeline(conversation)
                    .events()
                    .forEach((seq, event) -> assertEquals(history.get(seq), event, () -> where(device)));
            if (!visible.isEmpty()) {
                long first = visible.getFirst().getSeq();
                long last = visible.getLast().getSeq();
                assertEquals(
                        visible,
                        List.copyOf(device.timeline(conversation)
                                .events()
                                .subMap(first, true, last, true)
                                .values()),
                        () -> where(device));
            }
        });
    }

    private interface PerConversation {
        void check(Device device, String conversation, List<ConversationEvent> visible);
    }

    private void forEachDevice(PerConversation check) {
        for (Device device : world.users.devices()) {
            ledger.received.getOrDefault(device.userId, Map.of()).forEach((conversation, received) -> {
                if (!Guests.needsConsent(device.userId, conversation)) {
                    check.check(device, conversation, visible(device.userId, conversation, received));
                }
            });
        }
    }

    private List<ConversationEvent> visible(String userId, String conversation, List<ConversationEvent> received) {
        long from = 1;
        long to = 0;
        boolean belongs = conversation.startsWith("p:");
        boolean fromStart = conversation.startsWith("p:");
        for (ConversationEvent event : received) {
            if (UnreadRecount.isComing(userId, event)) {
                fromStart = event.getGroupCreated().getProfile().getHistoryFromStart()
                        || event.getMembersAdded().getProfile().getHistoryFromStart();
                from = fromStart ? 1 : event.getSeq();
                belongs = true;
            }
            // an edit of a mention reaches former members, too
            to = belongs ? Math.max(to, event.getSeq()) : to;
            belongs &= !UnreadRecount.isGoing(userId, event);
        }
        long first = from;
        long last = belongs && ledger.isLarge(conversation) ? Long.MAX_VALUE : to;
        return ledger.sequence(conversation).stream()
                .filter(event -> event.getSeq() >= first && event.getSeq() <= last)
                .toList();
    }

    private static String name(ConversationEvent event) {
        return event.getMessageSent().getSender() + ' ' + event.getMessageSent().getClientMsgId();
    }

    private static String where(Device device) {
        return device.userId + '/' + device.deviceId;
    }
}
