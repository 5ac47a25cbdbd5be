package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.errors.SerializationException;

/** Recounts the views of users from events, and compares them with the views of the server and of devices. */
final class ViewRecount {

    private final World world;
    private final Ledger ledger;

    private interface PerView {
        void check(String where, List<ConversationEvent> received, ConversationView view, String userId);
    }

    ViewRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    void unreadEqualsARecount() {
        forEachView((where, received, view, userId) -> assertEquals(
                UnreadRecount.of(userId, 0, List.of(), ledger.viewMillis.getOrDefault(view, 0L), received),
                new UnreadRecount(view.getUnread(), view.getUnreadMentions()),
                where));
    }

    /** At every step: unread, positions, deletions and the last message, without settings. */
    void viewsEqualARecount() {
        Map<String, ConversationView> steps = new HashMap<>();
        for (UserEvent event : world.cluster.committedUserChanges()) {
            if (event.hasViewChanged()) {
                steps.put(event.getUserId() + '@' + Timestamps.toMillis(event.getAt()), event.getViewChanged());
            }
        }
        forEachView((where, received, last, userId) -> {
            Timeline everything = new Timeline(userId, last.getConversationId());
            for (ConversationEvent event : received) {
                everything.take(event);
                ConversationView view = steps.get(userId + '@' + Timestamps.toMillis(event.getSentAt()));
                if (view != null) {
                    long at = Timestamps.toMillis(event.getSentAt());
                    assertEquals(
                            withoutSettings(everything.seen(at, at)),
                            withoutSettings(Timeline.compared(view, at)),
                            where);
                }
            }
            long at = ledger.viewMillis.getOrDefault(last, 0L);
            assertEquals(withoutSettings(everything.seen(at, at)), withoutSettings(Timeline.compared(last, at)), where);
        });
    }

    /** The last change that INBOX applied, in the order of the log. */
    void settingsEqualARecount() {
        Set<String> granted = new HashSet<>();
        for (Delivery delivery : world.cluster.committed(Topics.DELIVERIES)) {
            if (delivery.getUserAnswer().hasApplied()) {
                granted.add(delivery.getUserAnswer().getOrigin().getFrameId());
            }
        }
        Map<String, ChangeSettings> last = new TreeMap<>();
        forEachUserCommand((command, atMillis) -> {
            if (command.hasChangeSettings()
                    && granted.contains(command.getChangeSettings().getOrigin().getFrameId())) {
                last.merge(
                        command.getUserId() + '@' + command.getChangeSettings().getConversationId(),
                        command.getChangeSettings(),
                        (before, after) -> before.toBuilder().mergeFrom(after).build());
            }
        });
        ledger.views.forEach((userId, views) -> views.forEach((conversation, view) -> {
            String where = userId + '@' + conversation;
            ChangeSettings settings = last.getOrDefault(where, ChangeSettings.getDefaultInstance());
            assertEquals(settings.getPinned(), view.getPinned(), where);
            assertEquals(settings.getMuted(), view.getMuted(), where);
            assertEquals(settings.getDraft(), view.getDraft(), where);
        }));
    }

    /** A hidden conversation stays hidden until the next message. */
    void hiddenConversationsEqualARecount() {
        Map<String, ConversationEvent> messages = new HashMap<>();
        ledger.messages().forEach(event -> messages.put(event.getConversationId() + '#' + event.getSeq(), event));
        Map<Long, ChangeSettings> changes = new HashMap<>();
        forEachUserCommand((command, atMillis) -> changes.put(atMillis, command.getChangeSettings()));
        for (UserEvent event : world.cluster.committedUserChanges()) {
            ConversationView view = event.getViewChanged();
            if (Guests.needsConsent(event.getUserId(), view.getConversationId())) {
                continue;
            }
            ConversationEvent last = messages.get(view.getConversationId() + '#' + view.getLastSeq());
            ChangeSettings change =
                    changes.getOrDefault(Timestamps.toMillis(event.getAt()), ChangeSettings.getDefaultInstance());
            if (change.hasHidden()) {
                assertEquals(change.getHidden(), view.getHidden(), event::toString);
            } else if (last != null && last.getSentAt().equals(event.getAt())) {
                assertFalse(view.getHidden(), event::toString);
            }
        }
    }

    /** Every session receives changes of settings by other devices. */
    void everyOpenSessionKnowsTheSettings() {
        for (Snapshot snapshot : List.of(world.snapshot(), world.everyoneOnline())) {
            for (Snapshot.Known known : snapshot.known()) {
                ConversationView view = snapshot.ledger()
                        .views
                        .getOrDefault(known.userId(), Map.of())
                        .getOrDefault(known.conversationId(), ConversationView.getDefaultInstance());
                if (!snapshot.isUncertain(known.userId())) {
                    assertEquals(onlySettings(view), onlySettings(known.seen()), known::toString);
                }
            }
        }
    }

    private static ConversationView onlySettings(ConversationView view) {
        return ConversationView.newBuilder()
                .setPinned(view.getPinned())
                .setMuted(view.getMuted())
                .setDraft(view.getDraft())
                .build();
    }

    /** The badge of the last sync of a device, if nothing has changed since. */
    void badgesEqualARecount() {
        int compared = 0;
        for (Device device : world.users.devices()) {
            Map<String, ConversationView> views = ledger.views.getOrDefault(device.userId, Map.of());
            long version = views.values().stream()
                    .mapToLong(ConversationView::getVersion)
                    .max()
                    .orElse(0);
            if (device.synced().getVersion() < version
                    || views.keySet().stream().anyMatch(ledger::isLarge)
                    || Guests.isGuest(device.userId)) {
                continue;
            }
            List<Timeline> broadcasts =
                    ledger.broadcasts().stream().map(device::timeline).toList();
            if (broadcasts.stream().anyMatch(one -> one.view().getLastSeq() < one.lastSeq())) {
                continue;
            }
            long unreadBroadcasts =
                    broadcasts.stream().mapToLong(one -> one.view().getUnread()).sum();
            compared++;
            // the exact time of the sync is not known: messages may have expired before or after it
            long most = badge(views, device.userId, latestMillis(views));
            long least = badge(views, device.userId, world.cluster.nowMillis());
            long badge = device.synced().getBadge() - unreadBroadcasts;
            assertTrue(
                    least <= badge && badge <= most,
                    () -> device.userId + '/' + device.deviceId + ": " + badge + " is not from " + least + " to "
                            + most);
        }
        assertTrue(compared > 0, "no device has synced last");
    }

    private long latestMillis(Map<String, ConversationView> views) {
        return views.values().stream()
                .mapToLong(view -> ledger.viewMillis.getOrDefault(view, 0L))
                .max()
                .orElse(0);
    }

    private long badge(Map<String, ConversationView> views, String userId, long atMillis) {
        return views.values().stream()
                .filter(view -> !view.getMuted() && !view.getHidden())
                .mapToLong(view -> UnreadRecount.of(
                                userId, 0, List.of(), atMillis, received(userId, view.getConversationId()))
                        .messages())
                .sum();
    }

    /** Every change of a view has a greater version, and no event changes a view twice. */
    void versionsOnlyGrow() {
        Map<String, Long> versions = new TreeMap<>();
        Set<String> changes = new HashSet<>();
        for (UserEvent event : world.cluster.committedUserChanges()) {
            if (event.hasViewChanged()) {
                long version = event.getViewChanged().getVersion();
                Long before = versions.put(
                        event.getUserId() + '@' + event.getViewChanged().getConversationId(), version);
                assertTrue(before == null || before < version, event::toString);
                assertTrue(
                        changes.add(event.getUserId() + '@' + Timestamps.toMillis(event.getAt())),
                        () -> "twice: " + event);
            }
        }
    }

    void everyDeviceShowsTheViewOfTheServer() {
        for (Device device : world.users.devices()) {
            ledger.views.getOrDefault(device.userId, Map.of()).entrySet().stream()
                    .filter(entry ->
                            !ledger.isLarge(entry.getKey()) && !Guests.needsConsent(device.userId, entry.getKey()))
                    .forEach(entry -> assertEquals(
                            counted(device.userId, Timeline.compared(entry.getValue(), world.cluster.nowMillis())),
                            counted(
                                    device.userId,
                                    device.timeline(entry.getKey())
                                            .seen(
                                                    ledger.viewMillis.getOrDefault(entry.getValue(), 0L),
                                                    world.cluster.nowMillis())),
                            device.userId + '/' + device.deviceId));
        }
    }

    /** A device that counts by itself does not know which mentions are by blocked users. */
    private ConversationView counted(String userId, ConversationView view) {
        return ledger.blocks.hasUnheeded(userId, view.getConversationId())
                ? view.toBuilder().clearUnreadMentions().build()
                : view;
    }

    private List<ConversationEvent> received(String userId, String conversation) {
        return ledger.received.getOrDefault(userId, Map.of()).getOrDefault(conversation, List.of());
    }

    private void forEachView(PerView check) {
        ledger.received.forEach((userId, conversations) -> conversations.forEach((conversation, received) -> {
            if (ledger.isLarge(conversation) || Guests.needsConsent(userId, conversation)) {
                return;
            }
            ConversationView view = ledger.views
                    .getOrDefault(userId, Map.of())
                    .getOrDefault(
                            conversation,
                            ConversationView.newBuilder()
                                    .setConversationId(conversation)
                                    .build());
            check.check(userId + '@' + conversation, received, view, userId);
        }));
    }

    private void forEachUserCommand(BiConsumer<UserCommand, Long> action) {
        for (Partition partition : world.cluster.partitions(Topics.USER_COMMANDS)) {
            for (Partition.Appended record : partition.all()) {
                try {
                    action.accept(Ledger.value(Topics.USER_COMMANDS, record), record.timestampMillis);
                } catch (SerializationException poison) {
                    // belongs to no user
                }
            }
        }
    }

    private static ConversationView withoutSettings(ConversationView view) {
        return view.toBuilder()
                .clearPinned()
                .clearMuted()
                .clearHidden()
                .clearDraft()
                .build();
    }
}
