package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.PushTarget;
import dev.tidings.v1.UserEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checks that every broadcast reaches every user, although no user is named. */
final class BroadcastRecount {

    /** After this time INBOX has processed all earlier commands of users. */
    private static final long AWAY_MILLIS = 30_000;

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
            Map<String, Integer> received = new TreeMap<>();
            for (Partition.Appended record : partition.committed()) {
                InboxRecord inbox = Ledger.value(Topics.INBOX, record);
                if (inbox.getEveryone()) {
                    received.merge(place(inbox.getEvent()), 1, Integer::sum);
                }
            }
            assertEquals(expected, received);
        }
    }

    /** A gateway delivers each record to all its sessions of users in the partition. */
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

    /** Every session receives it live or by its last sync. */
    void everyOpenSessionReceivesEveryBroadcast() {
        for (Snapshot snapshot : List.of(world.snapshot(), world.everyoneOnline())) {
            for (Snapshot.Known known : snapshot.known()) {
                if (snapshot.ledger().broadcasts().contains(known.conversationId())) {
                    snapshot.ledger()
                            .sequence(known.conversationId())
                            .forEach(event -> assertTrue(
                                    event.getSeq() <= known.knownSeq()
                                            || known.arrived().contains(event.getSeq()),
                                    () -> known + " lacks " + event));
                }
            }
        }
    }

    /** Counts messages beyond the view's {@code counted_index} that count as unread and are not recalled. */
    void unreadOfBroadcastsEqualsARecount() {
        long unread = 0;
        for (Device device : world.users.devices()) {
            for (String broadcast : ledger.broadcasts()) {
                ConversationView view = device.timeline(broadcast).view();
                Set<Long> recalled = new HashSet<>();
                ledger.sequence(broadcast)
                        .forEach(
                                event -> recalled.add(event.getMessageRecalled().getSeq()));
                long expected = ledger.sequence(broadcast).stream()
                        .filter(ConversationEvent::hasMessageSent)
                        .filter(event -> !event.getMessageSent().getFlags().getNoUnread())
                        .filter(event ->
                                event.getMessageIndex() > view.getCountedIndex() && !recalled.contains(event.getSeq()))
                        .count();
                assertEquals(
                        expected, view.getUnread(), () -> device.userId + '/' + device.deviceId + " in " + broadcast);
                unread += expected;
            }
        }
        assertTrue(unread > 0, "no broadcast is unread");
    }

    /**
     * Checks the last message of each broadcast, for users who had no session for a while before it and until the first snapshot.
     * INBOX skips the notification of an earlier message if the next one comes first.
     */
    void usersWhoAreAwayAreNotifiedOfABroadcast() {
        Map<String, Notification> notifications = new HashMap<>();
        broadcastNotifications().forEach(one -> notifications.put(one.getNotificationId(), one));
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            UserCommandLog commandLog = new UserCommandLog(world.cluster, partition);
            for (String broadcast : ledger.broadcasts()) {
                ConversationEvent last = lastMessage(broadcast);
                long at = Timestamps.toMillis(last.getSentAt());
                for (String userId : awaySince(partition, at - AWAY_MILLIS)) {
                    UserCommandLog.PushSettings pushSettings = commandLog.of(userId, at - AWAY_MILLIS);
                    if (isNotable(last)
                            && !isRecalled(last)
                            && !pushSettings.tokens().isEmpty()
                            && allowsAlways(pushSettings.settings())
                            && commandLog.isSame(userId, at - AWAY_MILLIS, Long.MAX_VALUE)) {
                        Notification one = notifications.get(notificationId(last, userId));
                        assertNotNull(one, () -> userId + " is not notified of " + last);
                        assertEquals(
                                pushSettings.tokens(),
                                one.getTargetsList().stream()
                                        .collect(Collectors.toMap(PushTarget::getDeviceId, PushTarget::getToken)),
                                one::toString);
                    }
                }
            }
        }
    }

    void everyBroadcastNotificationHasAReason() {
        Map<String, ConversationEvent> messages = new HashMap<>();
        ledger.broadcasts()
                .forEach(broadcast -> ledger.sequence(broadcast).stream()
                        .filter(ConversationEvent::hasMessageSent)
                        .filter(BroadcastRecount::isNotable)
                        .forEach(event -> messages.put(event.getMessageSent().getMessageId(), event)));
        for (Notification one : broadcastNotifications()) {
            assertTrue(messages.containsKey(one.getMessageId()), () -> "not to be notified: " + one);
            assertFalse(one.getTargetsList().isEmpty(), () -> "nowhere: " + one);
        }
    }

    private List<Notification> broadcastNotifications() {
        return world.cluster.committed(Topics.NOTIFICATIONS).stream()
                .filter(one -> one.getConversationId().startsWith("b:"))
                .toList();
    }

    /** Users of a partition who have no session at this time, and open none before the first snapshot. */
    private Set<String> awaySince(int partition, long millis) {
        Map<String, Set<String>> open = new TreeMap<>();
        Set<String> cameLater = new HashSet<>();
        for (UserEvent event : UserChanges.committed(world.cluster.userChanges().get(partition))) {
            Set<String> sessions = open.computeIfAbsent(event.getUserId(), none -> new HashSet<>());
            long at = Timestamps.toMillis(event.getAt());
            if (event.hasSessionOpened() && at <= millis) {
                sessions.add(event.getSessionOpened().getSessionId());
            } else if (event.hasSessionOpened() && at <= world.snapshotMillis()) {
                cameLater.add(event.getUserId());
            } else if (event.hasSessionClosed() && at <= millis) {
                sessions.remove(event.getSessionClosed().getSession().getSessionId());
            }
        }
        open.values().removeIf(sessions -> !sessions.isEmpty());
        open.keySet().removeAll(cameLater);
        return open.keySet();
    }

    private ConversationEvent lastMessage(String broadcast) {
        return ledger.sequence(broadcast).stream()
                .filter(ConversationEvent::hasMessageSent)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private boolean isRecalled(ConversationEvent message) {
        return ledger.sequence(message.getConversationId()).stream()
                .anyMatch(event -> event.getMessageRecalled().getSeq() == message.getSeq());
    }

    private static boolean allowsAlways(NotificationSettings settings) {
        return settings.getAtMostEverySeconds() == 0 && settings.getQuietFromMinute() == settings.getQuietUntilMinute();
    }

    private static boolean isNotable(ConversationEvent message) {
        return !message.getMessageSent().getFlags().getNoUnread()
                && !message.getMessageSent().getFlags().getNoPush();
    }

    private static String notificationId(ConversationEvent message, String userId) {
        return message.getMessageSent().getMessageId() + ':' + userId;
    }

    /** Every user may read a broadcast from its beginning. */
    void everyDeviceHasEveryBroadcastInOrder() {
        for (Device device : world.users.devices()) {
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

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "broadcasts="
                + ledger.broadcasts().stream()
                        .mapToInt(broadcast -> ledger.sequence(broadcast).size())
                        .sum()
                + " broadcastNotifications="
                + broadcastNotifications().size();
    }
}
