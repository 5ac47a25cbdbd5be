package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.processors.simulation.Snapshot.Place;
import dev.tidings.processors.simulation.UserCommandLog.PushSettings;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.PushTarget;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Recounts the notifications up to the first snapshot. The changes of users show in which order INBOX has processed its two topics: each has the
 * time of its cause, and no two causes have the same time. If the order of an event and a user command remains open, both
 * results are correct.
 */
final class NotificationRecount {

    private static final long MINUTES_PER_DAY = 1_440;

    private final Snapshot snapshot;
    private final Map<String, ConversationEvent> messages = new HashMap<>();
    private final List<ConversationEvent> edits = new ArrayList<>();
    /** By conversation and time. */
    private final Map<String, ConversationEvent> editsByTime = new HashMap<>();

    private final long broadcastMessages;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Arrival> missed = new ArrayList<>();
    /** Edits that have mentioned a user without a session who was not mentioned before. */
    private final List<Mentioned> mentioned = new ArrayList<>();

    private final List<SentNotification> received = new ArrayList<>();
    private final Map<String, SentNotification> sentById = new HashMap<>();
    /** User and message, where the event came to INBOX more than once, perhaps after the user's last session ended. */
    private final Set<String> cameAgain = new HashSet<>();

    /** A notification and the time of its cause. */
    private record SentNotification(Notification notification, long atMillis, UserCommandLog commandLog) {}

    private record Mentioned(String userId, ConversationEvent edit, ConversationView view, PushSettings pushSettings) {

        long atMillis() {
            return Timestamps.toMillis(edit.getSentAt());
        }

        long seq() {
            return edit.getMessageEdited().getSeq();
        }
    }

    /** A message that has changed the view of a user. */
    private final class Arrival {
        final String userId;
        final ConversationEvent event;
        final ConversationView view;
        /** The user's sessions at that time. */
        final Set<String> sessions;

        final long badge;
        final PushSettings pushSettings;
        /** Whether the user's settings at that time are known. */
        final boolean settled;
        /** Whether a session has opened since, which receives the message by its sync. */
        boolean cameLater;

        Arrival(
                String userId,
                ConversationEvent event,
                ConversationView view,
                Set<String> sessions,
                long badge,
                PushSettings pushSettings,
                boolean settled) {
            this.userId = userId;
            this.event = event;
            this.view = view;
            this.sessions = sessions;
            this.badge = badge;
            this.pushSettings = pushSettings;
            this.settled = settled;
        }

        MessageSent sent() {
            return event.getMessageSent();
        }

        long atMillis() {
            return Timestamps.toMillis(event.getSentAt());
        }

        String id() {
            return sent().getMessageId() + ':' + userId;
        }

        boolean isByName() {
            return sent().getMentions().getUserIdsList().contains(userId);
        }

        /** @param now the view as it stands at this time */
        boolean isUnseen(ConversationView now, long millis) {
            boolean byName = isByName() && !wasEdited(now.getLastSeq());
            return now.getReadSeq() < event.getSeq()
                    && (now.getUnread() > 0 || byName)
                    && (!now.getMuted() || byName)
                    && (!sent().getFlags().getNoUnread() || byName)
                    && !now.getLastMessage().getRecalled()
                    && now.getDeletedList().stream()
                            .noneMatch(
                                    range -> range.getFromSeq() <= event.getSeq() && event.getSeq() <= range.getToSeq())
                    && !UnreadRecount.hasExpired(sent(), millis);
        }

        /** An edit may have taken the mention away. */
        private boolean wasEdited(long upToSeq) {
            return edits.stream()
                    .anyMatch(edit -> edit.getSeq() <= upToSeq
                            && edit.getMessageEdited().getSeq() == event.getSeq()
                            && edit.getConversationId().equals(event.getConversationId()));
        }

        /** Whether the message allows a notification, regardless of settings. */
        boolean isNotable() {
            return !sent().getSender().equals(userId)
                    && !sent().getFlags().getNoPush()
                    && (!sent().getFlags().getNoUnread() || isByName());
        }
    }

    NotificationRecount(World world, Snapshot snapshot) {
        this.snapshot = snapshot;
        snapshot.ledger()
                .messages()
                .forEach(event -> messages.put(place(event.getConversationId(), event.getSeq()), event));
        snapshot.ledger()
                .events
                .values()
                .forEach(events -> events.stream()
                        .filter(ConversationEvent::hasMessageEdited)
                        .forEach(edits::add));
        edits.forEach(
                edit -> editsByTime.put(place(edit.getConversationId(), Timestamps.toMillis(edit.getSentAt())), edit));
        broadcastMessages = snapshot.ledger().messages().stream()
                .filter(event -> event.getConversationId().startsWith("b:"))
                .count();
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            UserCommandLog commandLog = new UserCommandLog(world.cluster, partition);
            new Walk(commandLog)
                    .over(UserChanges.committed(world.cluster.userChanges().get(partition)));
            for (Partition.Appended record : world.cluster
                    .partitions(Topics.NOTIFICATIONS)
                    .get(partition)
                    .committed()) {
                Notification notification = Ledger.value(Topics.NOTIFICATIONS, record);
                SentNotification one = new SentNotification(notification, record.timestampMillis, commandLog);
                received.add(one);
                sentById.put(notification.getNotificationId(), one);
            }
            findRepetitions(world.cluster.partitions(Topics.INBOX).get(partition));
        }
    }

    private void findRepetitions(Partition inbox) {
        Set<String> came = new HashSet<>();
        for (Partition.Appended record : inbox.all()) {
            InboxRecord event = Ledger.value(Topics.INBOX, record);
            event.getRecipientsList().forEach(userId -> {
                String id = event.getEvent().getMessageSent().getMessageId() + ':' + userId;
                if (!came.add(id)) {
                    cameAgain.add(id);
                }
            });
        }
    }

    /** Reads the changes of users in one partition in order. */
    private final class Walk {

        private final UserCommandLog commandLog;
        private final Map<String, Set<String>> sessions = new TreeMap<>();
        private final Map<String, Map<String, ConversationView>> views = new TreeMap<>();
        private final Map<String, List<Arrival>> before = new TreeMap<>();

        Walk(UserCommandLog commandLog) {
            this.commandLog = commandLog;
        }

        void over(List<UserEvent> events) {
            long[] next = new long[events.size() + 1];
            next[events.size()] = Long.MAX_VALUE;
            for (int i = events.size() - 1; i >= 0; i--) {
                long at = Timestamps.toMillis(events.get(i).getAt());
                next[i] = commandLog.isOne(at) ? at : next[i + 1];
            }
            long taken = 0;
            for (int i = 0; i < events.size(); i++) {
                long at = Timestamps.toMillis(events.get(i).getAt());
                taken = commandLog.isOne(at) ? at : taken;
                take(events.get(i), at, taken, next[i + 1]);
            }
        }

        /** Whether a gateway's command ends a session. */
        private static boolean saysItsEnd(UserCommand command) {
            return command.hasCloseSession() || command.hasUndelivered();
        }

        /** The user's last session has ended. This shows where the command lies in the order. */
        private void gone(String userId, String session, long at) {
            Map<String, Arrival> last = new TreeMap<>();
            before.getOrDefault(userId, List.of())
                    .forEach(arrival -> last.put(arrival.view.getConversationId(), arrival));
            PushSettings pushSettings = commandLog.of(userId, at);
            boolean plain = !pushSettings.tokens().isEmpty()
                    && pushSettings.settings().equals(NotificationSettings.getDefaultInstance());
            for (Arrival arrival : last.values()) {
                ConversationView now = Objects.requireNonNull(
                        views.getOrDefault(userId, Map.of()).get(arrival.view.getConversationId()));
                boolean expected = commandLog.at(at).hasGatewayGone()
                        || (saysItsEnd(commandLog.at(at)) && commandLog.isUndelivered(session, arrival.event, at));
                if (plain
                        && !snapshot.ledger().isLarge(arrival.view.getConversationId())
                        && expected
                        && arrival.isNotable()
                        && arrival.isUnseen(now, at)
                        && !arrival.sessions.isEmpty()
                        && !arrival.cameLater
                        && !hasReached(arrival, at)) {
                    missed.add(arrival);
                }
            }
        }

        /**
         * @param taken the last command of which it is known that it was taken before
         * @param notTaken the first of which it is known that it was not
         */
        private void take(UserEvent event, long at, long taken, long notTaken) {
            String userId = event.getUserId();
            Set<String> open = sessions.computeIfAbsent(userId, none -> new TreeSet<>());
            List<Arrival> earlier = before.computeIfAbsent(userId, none -> new ArrayList<>());
            switch (event.getBodyCase()) {
                case SESSION_OPENED -> {
                    if (open.add(event.getSessionOpened().getSessionId())) {
                        earlier.forEach(arrival -> arrival.cameLater = true);
                    }
                }
                case SESSION_CLOSED -> {
                    String session = event.getSessionClosed().getSession().getSessionId();
                    open.remove(session);
                    if (open.isEmpty()) {
                        gone(userId, session, at);
                    }
                }
                case VIEW_CHANGED -> {
                    ConversationView view = event.getViewChanged();
                    Map<String, ConversationView> seen = views.computeIfAbsent(userId, none -> new TreeMap<>());
                    ConversationView former = seen.put(view.getConversationId(), view);
                    ConversationEvent edit = editsByTime.get(place(view.getConversationId(), at));
                    if (edit != null
                            && former != null
                            && open.isEmpty()
                            && view.getUnreadMentions() > former.getUnreadMentions()
                            && commandLog.isSame(userId, taken, notTaken)) {
                        mentioned.add(new Mentioned(userId, edit, view, commandLog.of(userId, taken)));
                    }
                    ConversationEvent message = messages.get(place(view.getConversationId(), view.getLastSeq()));
                    if (message != null
                            && message.getSentAt().equals(event.getAt())
                            && !Guests.needsConsent(userId, view.getConversationId())) {
                        Arrival arrival = new Arrival(
                                userId,
                                snapshot.ledger().blocks.asHeard(userId, message),
                                view,
                                Set.copyOf(open),
                                seen.values().stream()
                                        .filter(one -> !one.getMuted() && !one.getHidden())
                                        .mapToLong(one -> snapshot.ledger().unreadLater(userId, one, at))
                                        .sum(),
                                commandLog.of(userId, taken),
                                commandLog.isSame(userId, taken, notTaken));
                        arrivals.add(arrival);
                        earlier.add(arrival);
                    }
                }
                case PRESENCE_CHANGED, BADGE_CHANGED, BODY_NOT_SET -> {}
            }
        }
    }

    private boolean hasReached(Arrival arrival, long atMillis) {
        Place place = new Place(arrival.userId, arrival.view.getConversationId(), arrival.event.getSeq());
        return snapshot.reached().getOrDefault(place, Long.MAX_VALUE) <= atMillis;
    }

    /** A user without a session is notified of a message at once, unless their settings forbid it. */
    void usersWithoutSessionAreNotified() {
        for (Arrival arrival : offline()) {
            SentNotification one = sentById.get(arrival.id());
            if (isToBeNotified(arrival)) {
                assertNotNull(one, () -> "not notified: " + where(arrival));
                assertEquals(arrival.atMillis(), one.atMillis(), () -> "late: " + where(arrival));
                // when INBOX took up which broadcast is not known here
                long broadcasts = one.notification().getBadge() - arrival.badge;
                assertTrue(
                        isInLargeGroup(arrival.userId) || (0 <= broadcasts && broadcasts <= broadcastMessages),
                        () -> "badge " + one.notification().getBadge() + " is not from " + arrival.badge + " to "
                                + (arrival.badge + broadcastMessages) + ": " + where(arrival));
                assertEquals(arrival.view.getUnread(), one.notification().getUnread(), () -> where(arrival));
                assertEquals(
                        arrival.pushSettings.tokens(),
                        one.notification().getTargetsList().stream()
                                .collect(Collectors.toMap(PushTarget::getDeviceId, PushTarget::getToken)),
                        () -> where(arrival));
            } else if (!cameAgain.contains(arrival.id())) {
                // an event that comes to INBOX again meets the settings of that time
                assertFalse(
                        one != null && one.atMillis() == arrival.atMillis(),
                        () -> "not to be notified: " + where(arrival));
            }
        }
    }

    /** The unread count of a large group is not recounted. */
    private boolean isInLargeGroup(String userId) {
        return snapshot.ledger().views.getOrDefault(userId, Map.of()).keySet().stream()
                .anyMatch(snapshot.ledger()::isLarge);
    }

    private List<Arrival> offline() {
        return arrivals.stream()
                .filter(arrival -> arrival.sessions.isEmpty() && arrival.settled && !mayBeTooSoon(arrival))
                .toList();
    }

    /**
     * A user is notified of the last message of a conversation if it has reached no device when their last session ends: because the gateway
     * is gone, or has reported the message as undelivered. A sync since then replaces the notification.
     */
    void usersWhoMissedAMessageAreNotified() {
        missed.forEach(
                arrival -> assertTrue(sentById.containsKey(arrival.id()), () -> "not notified: " + where(arrival)));
    }

    /** A user without a session, whom an edit mentions in an unread message, unless they were notified of the message or a later one. */
    void usersWhomAnEditMentionsAreNotified() {
        for (Mentioned one : mentioned) {
            if (isToBeNotifiedOfEdit(one)) {
                SentNotification notification =
                        sentById.get(one.edit().getMessageEdited().getMessageId() + ':' + one.userId());
                assertNotNull(notification, () -> "not notified: " + one);
                assertEquals(one.atMillis(), notification.atMillis(), () -> "late: " + one);
            }
        }
    }

    private boolean isToBeNotifiedOfEdit(Mentioned one) {
        ConversationEvent message =
                Objects.requireNonNull(messages.get(place(one.edit().getConversationId(), one.seq())));
        boolean byName =
                one.edit().getMessageEdited().getMentions().getUserIdsList().contains(one.userId());
        boolean wasNotified = received.stream()
                .filter(other -> other.notification().getUserId().equals(one.userId())
                        && other.notification()
                                .getConversationId()
                                .equals(one.edit().getConversationId()))
                .anyMatch(other -> other.notification().getSeq() >= one.seq() && other.atMillis() != one.atMillis());
        return byName
                && !wasNotified
                && !one.pushSettings().tokens().isEmpty()
                && one.pushSettings().settings().getAtMostEverySeconds() == 0
                && !isQuiet(one.pushSettings().settings(), one.atMillis())
                && !message.getMessageSent().hasExpiresAt();
    }

    void noUserIsNotifiedTwice() {
        assertEquals(received.size(), sentById.size());
    }

    void everyNotificationHasAReason() {
        Map<String, Arrival> byId = new HashMap<>();
        arrivals.forEach(arrival -> byId.put(arrival.id(), arrival));
        for (SentNotification one : received) {
            if (one.notification().getConversationId().startsWith("b:")
                    || Guests.isGuest(one.notification().getUserId())) {
                continue; // see BroadcastRecount and ConsentRecount
            }
            @Nullable Arrival arrival = byId.get(one.notification().getNotificationId());
            if (arrival == null
                    && snapshot.ledger().isLarge(one.notification().getConversationId())
                    && isMentionedByEdit(one)) {
                continue; // the message itself did not go to the user by name
            }
            assertNotNull(arrival, () -> "no message for " + one);
            assertTrue(arrival.isNotable() || isMentionedByEdit(one), () -> "not to be notified: " + one);
            assertFalse(one.notification().getTargetsList().isEmpty(), () -> "nowhere: " + one);
            boolean atOnce = (arrival.sessions.isEmpty() || cameAgain.contains(arrival.id()))
                    && arrival.atMillis() == one.atMillis();
            boolean later = one.commandLog().at(one.atMillis()).hasUndelivered()
                    || one.commandLog().at(one.atMillis()).hasGatewayGone()
                    || one.commandLog().at(one.atMillis()).hasNotifyOfMissed();
            boolean byEdit = editsByTime.containsKey(place(one.notification().getConversationId(), one.atMillis()))
                    && isMentionedByEdit(one);
            assertTrue(atOnce || later || byEdit, () -> "for no reason: " + one);
        }
    }

    /** Whether any edit of the message mentions the user. */
    private boolean isMentionedByEdit(SentNotification one) {
        return edits.stream()
                .filter(edit -> edit.getMessageEdited()
                        .getMessageId()
                        .equals(one.notification().getMessageId()))
                .map(edit -> edit.getMessageEdited().getMentions())
                .anyMatch(mentions -> mentions.getAll()
                        || mentions.getUserIdsList().contains(one.notification().getUserId()));
    }

    private static boolean isToBeNotified(Arrival arrival) {
        return arrival.isNotable()
                && !arrival.pushSettings.tokens().isEmpty()
                && (arrival.view.getUnread() > 0 || arrival.isByName())
                && (!arrival.view.getMuted() || arrival.isByName())
                && !isQuiet(arrival.pushSettings.settings(), arrival.atMillis());
    }

    private static boolean isQuiet(NotificationSettings settings, long atMillis) {
        long minute = atMillis / 60_000 % MINUTES_PER_DAY;
        int from = settings.getQuietFromMinute();
        int until = settings.getQuietUntilMinute();
        return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
    }

    /** Whether another notification of the conversation is so close that their order matters. */
    private boolean mayBeTooSoon(Arrival arrival) {
        long apart = 1_000L * arrival.pushSettings.settings().getAtMostEverySeconds();
        return apart > 0
                && received.stream()
                        .filter(one -> one.notification().getUserId().equals(arrival.userId))
                        .filter(one -> one.notification().getConversationId().equals(arrival.view.getConversationId()))
                        .filter(one -> !one.notification().getNotificationId().equals(arrival.id()))
                        .anyMatch(one -> one.atMillis() > arrival.atMillis() - apart);
    }

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "offline="
                + offline().stream().filter(NotificationRecount::isToBeNotified).count()
                + " missed="
                + missed.size()
                + " mentionedByEdit="
                + mentioned.stream().filter(this::isToBeNotifiedOfEdit).count();
    }

    private static String place(String conversationId, long seq) {
        return conversationId + '#' + seq;
    }

    private static String where(Arrival arrival) {
        return arrival.userId + " with " + arrival.sessions + " and " + arrival.pushSettings + " of " + arrival.event;
    }
}
