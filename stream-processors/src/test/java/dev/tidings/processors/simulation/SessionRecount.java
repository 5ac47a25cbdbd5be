package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.WatchPresence;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Recounts from the log which sessions were open at every step, and what each of them received. The state at the end is not enough,
 * because a later sync repairs a missing delivery. INBOX processes the commands of a partition in order, and everything that it
 * writes for a command has the time of the command.
 */
final class SessionRecount {

    private final World world;
    private final Ledger ledger;
    /** Delivered views by the time of their cause and the session. */
    private final Map<String, ConversationView> views = new HashMap<>();

    private final Map<String, Boolean> replaced = new HashMap<>();
    /** Delivered presences by the time of their cause and the user, without answers. */
    private final Map<String, Map<String, SentPresence>> presences = new HashMap<>();
    /** By the time of the question and the session. */
    private final Map<String, SentPresence> answers = new HashMap<>();
    /** By the time and the conversation. */
    private final Map<String, BlockChanged> blocks = new HashMap<>();

    /** @param position in the partition of the session's gateway */
    private record SentPresence(Presence presence, int position) {}

    private int settingsTold;
    private int presencesTold;
    private int sessionsReplaced;

    SessionRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
        ledger.events
                .values()
                .forEach(events -> events.stream()
                        .filter(ConversationEvent::hasBlockChanged)
                        .forEach(event -> blocks.put(
                                event.getConversationId() + '@' + Timestamps.toMillis(event.getSentAt()),
                                event.getBlockChanged())));
        for (int slot = 0; slot < World.LAYOUT.gatewaySlots(); slot++) {
            List<Partition.Appended> records =
                    world.cluster.partitions(Topics.DELIVERIES).get(slot).committed();
            for (int position = 0; position < records.size(); position++) {
                Partition.Appended record = records.get(position);
                take(Ledger.value(Topics.DELIVERIES, record), slot, record.timestampMillis, position);
            }
        }
        // the cases are counted here, because the names of the tests contain the counts
        forEachStep(step -> {
            settingsTold += step.otherSessions().size();
            sessionsReplaced += step.isReplacement() ? 1 : 0;
        });
        forEachPresenceChange((userId, at, presence, watchers) -> presencesTold += watchers.size());
    }

    private void take(Delivery delivery, int slot, long at, int position) {
        String there = "@" + slot + '@' + at;
        delivery.getView()
                .getSessionIdsList()
                .forEach(id -> views.put(id + there, delivery.getView().getView()));
        if (delivery.hasSessionReplaced()) {
            replaced.put(delivery.getSessionReplaced().getSessionId() + there, true);
        }
        SentPresence presence = new SentPresence(delivery.getPresence().getPresence(), position);
        if (delivery.getPresence().hasOrigin()) {
            answers.put(delivery.getPresence().getOrigin().getSessionId() + there, presence);
        }
        delivery.getPresence()
                .getSessionIdsList()
                .forEach(id -> presences
                        .computeIfAbsent(presence.presence().getUserId() + '@' + at, none -> new TreeMap<>())
                        .put(id + '@' + slot, presence));
    }

    /** All other open sessions of the user, in the same step. The session that asked has its answer. */
    void everyChangeOfSettingsReachesTheOtherDevices() {
        forEachStep(step -> step.otherSessions()
                .forEach(session -> assertEquals(
                        step.event.getViewChanged(),
                        views.get(session.getSessionId() + '@' + session.getGatewaySlot() + '@' + step.at),
                        () -> "not delivered to " + session + ": " + step.event)));
    }

    /** All sessions that watch, in the same step, and no others. */
    void everyChangeOfPresenceReachesAllWatchers() {
        forEachPresenceChange((userId, at, presence, watchers) -> {
            Map<String, Presence> expected = new TreeMap<>();
            watchers.forEach(watch -> expected.put(session(watch), presence));
            Map<String, Presence> received = new TreeMap<>();
            presences.getOrDefault(userId + '@' + at, Map.of()).forEach((id, one) -> received.put(id, one.presence()));
            assertEquals(expected, received, () -> "of " + presence);
        });
    }

    /** A new session ends the one before, whatever the state of its connection. */
    void aDeviceHasOneSessionAtATime() {
        forEachStep(step -> {
            Session opened = step.event.getSessionOpened();
            step.open.values().stream()
                    .filter(session -> step.event.hasSessionOpened()
                            && !session.getSessionId().equals(opened.getSessionId()))
                    .forEach(session -> assertTrue(
                            !session.getDeviceId().equals(opened.getDeviceId()),
                            () -> session + " is open beside " + opened));
        });
    }

    void theLoginPolicyHoldsAtEveryStep() {
        LoginPolicy policy = world.gateways.loginPolicy();
        forEachStep(step -> {
            long platforms = step.open.values().stream()
                    .map(Session::getPlatform)
                    .distinct()
                    .count();
            long most = switch (policy) {
                case ONE_DEVICE -> 1;
                case ONE_PER_PLATFORM -> platforms;
                case ALL_DEVICES, LOGIN_POLICY_UNSPECIFIED, UNRECOGNIZED -> step.open.size();
            };
            assertTrue(step.open.size() <= most, () -> policy + ": " + step.open + " after " + step.event);
        });
    }

    void everyReplacedSessionIsNotified() {
        forEachStep(step -> {
            Session session = step.event.getSessionClosed().getSession();
            if (step.isReplacement()) {
                assertTrue(
                        replaced.containsKey(session.getSessionId() + '@' + session.getGatewaySlot() + '@' + step.at),
                        () -> "not delivered: " + session);
            }
        });
    }

    private interface PerStep {
        void check(Step step);
    }

    /**
     * A user event.
     *
     * @param cause the command of which it comes, or nothing
     * @param open the user's sessions from then on
     */
    private record Step(UserEvent event, long at, UserCommand cause, Map<String, Session> open) {

        boolean isReplacement() {
            return event.hasSessionClosed() && cause.hasOpenSession();
        }

        /** The sessions that a change of settings goes to. */
        List<Session> otherSessions() {
            String asking = cause.getChangeSettings().getOrigin().getSessionId();
            return event.hasViewChanged() && cause.hasChangeSettings()
                    ? open.values().stream()
                            .filter(session -> !session.getSessionId().equals(asking))
                            .toList()
                    : List.of();
        }
    }

    private void forEachStep(PerStep action) {
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            UserCommandLog commandLog = new UserCommandLog(world.cluster, partition);
            Map<String, Map<String, Session>> sessions = new TreeMap<>();
            for (UserEvent event : userEvents(partition)) {
                Map<String, Session> open = sessions.computeIfAbsent(event.getUserId(), none -> new TreeMap<>());
                if (event.hasSessionOpened()) {
                    open.put(event.getSessionOpened().getSessionId(), event.getSessionOpened());
                } else if (event.hasSessionClosed()) {
                    open.remove(event.getSessionClosed().getSession().getSessionId());
                }
                long at = Timestamps.toMillis(event.getAt());
                action.check(new Step(event, at, commandLog.at(at), open));
            }
        }
    }

    private interface PerPresenceChange {
        void check(String userId, long at, Presence presence, Collection<WatchPresence> watchers);
    }

    private void forEachPresenceChange(PerPresenceChange action) {
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            new Watching(partition).over(userEvents(partition), action);
        }
    }

    /**
     * Recounts who watches whom. A session watches until it stops, its gateway is gone or the watched user blocks its user. The
     * end of the session does not matter. A block may be processed before or after a command; the order of the deliveries to the session
     * decides.
     */
    private final class Watching {

        private final List<Partition.Appended> commands;
        private final Map<String, Map<String, WatchPresence>> watchers = new TreeMap<>();
        /** By user and session: the position of the delivery that ended watching. */
        private final Map<String, Integer> ended = new HashMap<>();

        private int next;

        Watching(int partition) {
            commands = world.cluster
                    .partitions(Topics.USER_COMMANDS)
                    .get(partition)
                    .committed();
        }

        void over(List<UserEvent> events, PerPresenceChange action) {
            for (UserEvent event : events) {
                String userId = event.getUserId();
                long at = Timestamps.toMillis(event.getAt());
                BlockChanged block = blocks.getOrDefault(
                        event.getViewChanged().getConversationId() + '@' + at, BlockChanged.getDefaultInstance());
                if (block.getBlocked() && block.getBy().equals(userId)) {
                    blocked(userId, Blocks.peer(userId, event.getViewChanged().getConversationId()), at);
                } else if (event.hasPresenceChanged()) {
                    takeUntil(at);
                    action.check(
                            userId,
                            at,
                            event.getPresenceChanged(),
                            watchers.getOrDefault(userId, Map.of()).values());
                }
            }
        }

        private void blocked(String userId, String peer, long at) {
            watchers.getOrDefault(userId, new TreeMap<>())
                    .values()
                    .removeIf(watch -> watch.getWatcherUserId().equals(peer));
            presences
                    .getOrDefault(userId + '@' + at, Map.of())
                    .forEach((session, received) -> ended.put(userId + '@' + session, received.position()));
        }

        private void takeUntil(long at) {
            while (next < commands.size() && commands.get(next).timestampMillis <= at) {
                Partition.Appended record = commands.get(next);
                next++;
                try {
                    take(Ledger.value(Topics.USER_COMMANDS, record), record.timestampMillis);
                } catch (SerializationException poison) {
                    // belongs to no user
                }
            }
        }

        private void take(UserCommand command, long at) {
            WatchPresence watch = command.getWatchPresence();
            Map<String, WatchPresence> ofUser = watchers.computeIfAbsent(command.getUserId(), none -> new TreeMap<>());
            if (watch.getMode() == WatchPresence.Mode.START && isGranted(command.getUserId(), watch, at)) {
                // a later epoch of a gateway does not know the watches of an earlier one
                ofUser.values()
                        .removeIf(earlier -> earlier.getOrigin().getGatewaySlot()
                                        == watch.getOrigin().getGatewaySlot()
                                && earlier.getGatewayEpoch() < watch.getGatewayEpoch());
                ofUser.put(watch.getOrigin().getSessionId(), watch);
            } else if (watch.getMode() == WatchPresence.Mode.STOP) {
                ofUser.remove(watch.getOrigin().getSessionId());
            } else if (command.hasGatewayGone()) {
                GatewayGone gone = command.getGatewayGone();
                watchers.values()
                        .forEach(watches -> watches.values()
                                .removeIf(earlier -> earlier.getOrigin().getGatewaySlot() == gone.getGatewaySlot()
                                        && earlier.getGatewayEpoch() <= gone.getGatewayEpoch()));
            }
        }

        private boolean isGranted(String userId, WatchPresence watch, long at) {
            if (!ledger.blocks.wasEverBlocked(userId, watch.getWatcherUserId())) {
                return true;
            }
            SentPresence answer = answers.get(session(watch) + '@' + at);
            assertNotNull(answer, () -> "not answered: " + watch);
            boolean seen = !answer.presence()
                    .equals(Presence.newBuilder().setUserId(userId).build());
            return seen && ended.getOrDefault(userId + '@' + session(watch), -1) < answer.position();
        }
    }

    private static String session(WatchPresence watch) {
        return watch.getOrigin().getSessionId() + '@' + watch.getOrigin().getGatewaySlot();
    }

    private List<UserEvent> userEvents(int partition) {
        return world.cluster.partitions(Topics.USER_EVENTS).get(partition).committed().stream()
                .map(record -> Ledger.value(Topics.USER_EVENTS, record))
                .toList();
    }

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "settingsTold=" + settingsTold + " presencesTold=" + presencesTold + " sessionsReplaced="
                + sessionsReplaced + " blocks=" + blocks.size() + " mentionsUnheeded=" + ledger.blocks.unheeded();
    }
}
