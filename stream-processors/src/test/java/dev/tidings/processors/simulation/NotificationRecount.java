package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.processors.simulation.Rest.Place;
import dev.tidings.processors.simulation.Wishes.Wish;
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
 * Who was to be notified of what, until the world stood still. In which order INBOX has taken events and commands of its two topics, its
 * own words tell: each has the time of what it comes of, and no two records have the same time. Where they leave it open whether a
 * wish came before or after, either is right.
 */
final class NotificationRecount {

    private static final long MINUTES_PER_DAY = 1_440;

    private final Rest rest;
    private final Map<String, ConversationEvent> messages = new HashMap<>();
    private final List<ConversationEvent> edits = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Arrival> missed = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Map<String, Told> toldById = new HashMap<>();
    /** User and message, where the event has come to INBOX more than once: perhaps when the user had gone already. */
    private final Set<String> cameAgain = new HashSet<>();

    /** A notification, and what it comes of: a time in the log. */
    private record Told(Notification notification, long atMillis, Wishes wishes) {}

    /** A message has come into the view of a user. */
    private final class Arrival {
        final String userId;
        final ConversationEvent event;
        final ConversationView view;
        /** That the user had. */
        final Set<String> sessions;

        final long badge;
        final Wish wish;
        /** Whether it is clear what the user had wished by then. */
        final boolean settled;
        /** Whether a session has opened since, which hears of it by its sync. */
        boolean cameLater;

        Arrival(
                String userId,
                ConversationEvent event,
                ConversationView view,
                Set<String> sessions,
                long badge,
                Wish wish,
                boolean settled) {
            this.userId = userId;
            this.event = event;
            this.view = view;
            this.sessions = sessions;
            this.badge = badge;
            this.wish = wish;
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

        /** Edits in this world mention nobody. */
        private boolean wasEdited(long upToSeq) {
            return edits.stream()
                    .anyMatch(edit -> edit.getSeq() <= upToSeq
                            && edit.getMessageEdited().getSeq() == event.getSeq()
                            && edit.getConversationId().equals(event.getConversationId()));
        }

        /** Whatever else the user wants. */
        boolean isNotable() {
            return !sent().getSender().equals(userId)
                    && !sent().getFlags().getNoPush()
                    && (!sent().getFlags().getNoUnread() || isByName());
        }
    }

    NotificationRecount(World world, Rest rest) {
        this.rest = rest;
        rest.ledger()
                .messages()
                .forEach(event -> messages.put(place(event.getConversationId(), event.getSeq()), event));
        rest.ledger()
                .events
                .values()
                .forEach(events -> events.stream()
                        .filter(ConversationEvent::hasMessageEdited)
                        .forEach(edits::add));
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            Wishes wishes = new Wishes(world.cluster, partition);
            new Walk(wishes)
                    .over(world.cluster.partitions(Topics.USER_EVENTS).get(partition).committed().stream()
                            .map(record -> Ledger.value(Topics.USER_EVENTS, record))
                            .toList());
            for (Partition.Appended record : world.cluster
                    .partitions(Topics.NOTIFICATIONS)
                    .get(partition)
                    .committed()) {
                Notification notification = Ledger.value(Topics.NOTIFICATIONS, record);
                Told one = new Told(notification, record.timestampMillis, wishes);
                told.add(one);
                toldById.put(notification.getNotificationId(), one);
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

    /** Through what INBOX has said in one partition, in its order. */
    private final class Walk {

        private final Wishes wishes;
        private final Map<String, Set<String>> sessions = new TreeMap<>();
        private final Map<String, Map<String, ConversationView>> views = new TreeMap<>();
        private final Map<String, List<Arrival>> before = new TreeMap<>();

        Walk(Wishes wishes) {
            this.wishes = wishes;
        }

        void over(List<UserEvent> events) {
            long[] next = new long[events.size() + 1];
            next[events.size()] = Long.MAX_VALUE;
            for (int i = events.size() - 1; i >= 0; i--) {
                long at = Timestamps.toMillis(events.get(i).getAt());
                next[i] = wishes.isOne(at) ? at : next[i + 1];
            }
            long taken = 0;
            for (int i = 0; i < events.size(); i++) {
                long at = Timestamps.toMillis(events.get(i).getAt());
                taken = wishes.isOne(at) ? at : taken;
                take(events.get(i), at, taken, next[i + 1]);
            }
        }

        /** The gateway of a session does, by whichever of the two comes first. */
        private static boolean saysItsEnd(UserCommand command) {
            return command.hasCloseSession() || command.hasUndelivered();
        }

        /** The user's last session has ended, and so it is known where the command lies in the order. */
        private void gone(String userId, String session, long at) {
            Map<String, Arrival> last = new TreeMap<>();
            before.getOrDefault(userId, List.of())
                    .forEach(arrival -> last.put(arrival.view.getConversationId(), arrival));
            Wish wish = wishes.of(userId, at);
            boolean plain =
                    !wish.tokens().isEmpty() && wish.settings().equals(NotificationSettings.getDefaultInstance());
            for (Arrival arrival : last.values()) {
                ConversationView now = Objects.requireNonNull(
                        views.getOrDefault(userId, Map.of()).get(arrival.view.getConversationId()));
                boolean toBeTold = wishes.at(at).hasGatewayGone()
                        || (saysItsEnd(wishes.at(at)) && wishes.isUndelivered(session, arrival.event, at));
                if (plain
                        && toBeTold
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
                    seen.put(view.getConversationId(), view);
                    ConversationEvent message = messages.get(place(view.getConversationId(), view.getLastSeq()));
                    if (message != null && message.getSentAt().equals(event.getAt())) {
                        Arrival arrival = new Arrival(
                                userId,
                                rest.ledger().blocks.asHeard(userId, message),
                                view,
                                Set.copyOf(open),
                                seen.values().stream()
                                        .filter(one -> !one.getMuted() && !one.getHidden())
                                        .mapToLong(one -> rest.ledger().unreadLater(userId, one, at))
                                        .sum(),
                                wishes.of(userId, taken),
                                wishes.isSame(userId, taken, notTaken));
                        arrivals.add(arrival);
                        earlier.add(arrival);
                    }
                }
                case PRESENCE_CHANGED, BODY_NOT_SET -> {}
            }
        }
    }

    private boolean hasReached(Arrival arrival, long atMillis) {
        Place place = new Place(arrival.userId, arrival.view.getConversationId(), arrival.event.getSeq());
        return rest.reached().getOrDefault(place, Long.MAX_VALUE) <= atMillis;
    }

    /** Of a message that finds a user without a session he is notified at once, unless he wants it otherwise. */
    void whoHasNoSessionIsNotified() {
        for (Arrival arrival : offline()) {
            Told one = toldById.get(arrival.id());
            if (isToBeNotified(arrival)) {
                assertNotNull(one, () -> "not notified: " + where(arrival));
                assertEquals(arrival.atMillis(), one.atMillis(), () -> "late: " + where(arrival));
                assertEquals(arrival.badge, one.notification().getBadge(), () -> where(arrival));
                assertEquals(arrival.view.getUnread(), one.notification().getUnread(), () -> where(arrival));
                assertEquals(
                        arrival.wish.tokens(),
                        one.notification().getTargetsList().stream()
                                .collect(Collectors.toMap(PushTarget::getDeviceId, PushTarget::getToken)),
                        () -> where(arrival));
            } else {
                assertFalse(
                        one != null && one.atMillis() == arrival.atMillis(),
                        () -> "not to be notified: " + where(arrival));
            }
        }
    }

    private List<Arrival> offline() {
        return arrivals.stream()
                .filter(arrival -> arrival.sessions.isEmpty() && arrival.settled && !mayBeTooSoon(arrival))
                .toList();
    }

    /**
     * Of the last message of a conversation that has reached no device when the last session of the user ends he is notified: because
     * its gateway has gone, or has said that the message was not acknowledged. Unless a sync has told him of it since.
     */
    void whoMissedAMessageIsNotified() {
        missed.forEach(
                arrival -> assertTrue(toldById.containsKey(arrival.id()), () -> "not notified: " + where(arrival)));
    }

    void nobodyIsNotifiedTwice() {
        assertEquals(told.size(), toldById.size());
    }

    void nobodyIsNotifiedInVain() {
        Map<String, Arrival> byId = new HashMap<>();
        arrivals.forEach(arrival -> byId.put(arrival.id(), arrival));
        for (Told one : told) {
            @Nullable Arrival arrival = byId.get(one.notification().getNotificationId());
            assertNotNull(arrival, () -> "of nothing: " + one);
            assertTrue(arrival.isNotable(), () -> "not to be notified: " + one);
            assertFalse(one.notification().getTargetsList().isEmpty(), () -> "nowhere: " + one);
            boolean atOnce = (arrival.sessions.isEmpty() || cameAgain.contains(arrival.id()))
                    && arrival.atMillis() == one.atMillis();
            boolean later = one.wishes().at(one.atMillis()).hasUndelivered()
                    || one.wishes().at(one.atMillis()).hasGatewayGone()
                    || one.wishes().at(one.atMillis()).hasNotifyOfMissed();
            assertTrue(atOnce || later, () -> "for no reason: " + one);
        }
    }

    private static boolean isToBeNotified(Arrival arrival) {
        return arrival.isNotable()
                && !arrival.wish.tokens().isEmpty()
                && (arrival.view.getUnread() > 0 || arrival.isByName())
                && (!arrival.view.getMuted() || arrival.isByName())
                && !isQuiet(arrival.wish.settings(), arrival.atMillis());
    }

    private static boolean isQuiet(NotificationSettings settings, long atMillis) {
        long minute = atMillis / 60_000 % MINUTES_PER_DAY;
        int from = settings.getQuietFromMinute();
        int until = settings.getQuietUntilMinute();
        return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
    }

    /** Another one of the same conversation is so near that the order of the two counts. */
    private boolean mayBeTooSoon(Arrival arrival) {
        long apart = 1_000L * arrival.wish.settings().getAtMostEverySeconds();
        return apart > 0
                && told.stream()
                        .filter(one -> one.notification().getUserId().equals(arrival.userId))
                        .filter(one -> one.notification().getConversationId().equals(arrival.view.getConversationId()))
                        .filter(one -> !one.notification().getNotificationId().equals(arrival.id()))
                        .anyMatch(one -> one.atMillis() > arrival.atMillis() - apart);
    }

    /** How many cases there were, for people. */
    @Override
    public String toString() {
        return "offline="
                + offline().stream().filter(NotificationRecount::isToBeNotified).count()
                + " missed="
                + missed.size();
    }

    private static String place(String conversationId, long seq) {
        return conversationId + '#' + seq;
    }

    private static String where(Arrival arrival) {
        return arrival.userId + " with " + arrival.sessions + " and " + arrival.wish + " of " + arrival.event;
    }
}
