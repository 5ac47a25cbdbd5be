package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.WatchPresence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Which sessions were open at every step, and what each of them was told, read from the log alone: not only how it stands in the
 * end, when a later sync may have told what a delivery had left out. INBOX takes the commands of one partition in their order, and
 * gives all that comes of a command the time of the command.
 */
final class SessionRecount {

    private final World world;
    /** What was delivered, by the time of its cause and the session. */
    private final Map<String, ConversationView> views = new HashMap<>();

    private final Map<String, Boolean> replaced = new HashMap<>();
    /** By the time of its cause and the user whose presence it is: what each session was told without asking. */
    private final Map<String, Map<String, Presence>> presences = new HashMap<>();

    private int settingsTold;
    private int presencesTold;
    private int sessionsReplaced;

    SessionRecount(World world) {
        this.world = world;
        for (int slot = 0; slot < World.LAYOUT.gatewaySlots(); slot++) {
            for (Partition.Appended record :
                    world.cluster.partitions(Topics.DELIVERIES).get(slot).committed()) {
                Delivery delivery = Ledger.value(Topics.DELIVERIES, record);
                take(delivery, slot, record.timestampMillis);
            }
        }
        // the cases are counted before the invariants are named, and judged where they are checked
        forEachStep(step -> {
            settingsTold += step.otherSessions().size();
            sessionsReplaced += step.isReplacement() ? 1 : 0;
        });
        forEachPresenceChange((userId, at, presence, watchers) -> presencesTold += watchers.size());
    }

    private void take(Delivery delivery, int slot, long at) {
        String there = "@" + slot + '@' + at;
        delivery.getView()
                .getSessionIdsList()
                .forEach(id -> views.put(id + there, delivery.getView().getView()));
        if (delivery.hasSessionReplaced()) {
            replaced.put(delivery.getSessionReplaced().getSessionId() + there, true);
        }
        Presence presence = delivery.getPresence().getPresence();
        delivery.getPresence()
                .getSessionIdsList()
                .forEach(id -> presences
                        .computeIfAbsent(presence.getUserId() + '@' + at, none -> new TreeMap<>())
                        .put(id + '@' + slot, presence));
    }

    /** Every other open session of the user, in the same step; the one that asked has its answer. */
    void everyChangeOfSettingsIsToldToTheOtherDevices() {
        forEachStep(step -> step.otherSessions()
                .forEach(session -> assertEquals(
                        step.event.getViewChanged(),
                        views.get(session.getSessionId() + '@' + session.getGatewaySlot() + '@' + step.at),
                        () -> "not told to " + session + ": " + step.event)));
    }

    /** Every session that watches, in the same step, and no session that does not. */
    void everyChangeOfPresenceIsToldToAllWhoWatch() {
        forEachPresenceChange((userId, at, presence, watchers) -> {
            Map<String, Presence> expected = new TreeMap<>();
            watchers.forEach(origin -> expected.put(origin.getSessionId() + '@' + origin.getGatewaySlot(), presence));
            assertEquals(expected, presences.getOrDefault(userId + '@' + at, Map.of()), () -> "of " + presence);
        });
    }

    /** From the moment another one opens, whatever happens to the connection of the one before. */
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

    void everySessionThatIsReplacedIsTold() {
        forEachStep(step -> {
            Session session = step.event.getSessionClosed().getSession();
            if (step.isReplacement()) {
                assertTrue(
                        replaced.containsKey(session.getSessionId() + '@' + session.getGatewaySlot() + '@' + step.at),
                        () -> "not told: " + session);
            }
        });
    }

    private interface PerStep {
        void check(Step step);
    }

    /**
     * Something has happened to a user.
     *
     * @param cause the command of which it comes, or nothing
     * @param open the user's sessions from then on
     */
    private record Step(UserEvent event, long at, UserCommand cause, Map<String, Session> open) {

        boolean isReplacement() {
            return event.hasSessionClosed() && cause.hasOpenSession();
        }

        /** Those that are to be told of a change of settings. */
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
            Wishes wishes = new Wishes(world.cluster, partition);
            Map<String, Map<String, Session>> sessions = new TreeMap<>();
            for (UserEvent event : userEvents(partition)) {
                Map<String, Session> open = sessions.computeIfAbsent(event.getUserId(), none -> new TreeMap<>());
                if (event.hasSessionOpened()) {
                    open.put(event.getSessionOpened().getSessionId(), event.getSessionOpened());
                } else if (event.hasSessionClosed()) {
                    open.remove(event.getSessionClosed().getSession().getSessionId());
                }
                long at = Timestamps.toMillis(event.getAt());
                action.check(new Step(event, at, wishes.at(at), open));
            }
        }
    }

    private interface PerPresenceChange {
        void check(String userId, long at, Presence presence, List<Origin> watchers);
    }

    private void forEachPresenceChange(PerPresenceChange action) {
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            Map<Long, List<UserEvent>> changes = new HashMap<>();
            for (UserEvent event : userEvents(partition)) {
                if (event.hasPresenceChanged()) {
                    changes.computeIfAbsent(Timestamps.toMillis(event.getAt()), none -> new ArrayList<>())
                            .add(event);
                }
            }
            Map<String, Map<String, WatchPresence>> watching = new TreeMap<>();
            for (Partition.Appended record : world.cluster
                    .partitions(Topics.USER_COMMANDS)
                    .get(partition)
                    .committed()) {
                watch(watching, record);
                for (UserEvent change : changes.getOrDefault(record.timestampMillis, List.of())) {
                    action.check(
                            change.getUserId(),
                            record.timestampMillis,
                            change.getPresenceChanged(),
                            watching.getOrDefault(change.getUserId(), Map.of()).values().stream()
                                    .map(WatchPresence::getOrigin)
                                    .toList());
                }
            }
        }
    }

    /** A session watches until it says otherwise or its gateway has gone, whatever becomes of the session itself. */
    private static void watch(Map<String, Map<String, WatchPresence>> watching, Partition.Appended record) {
        UserCommand command;
        try {
            command = Ledger.value(Topics.USER_COMMANDS, record);
        } catch (SerializationException poison) {
            return;
        }
        WatchPresence watch = command.getWatchPresence();
        Map<String, WatchPresence> watchers = watching.computeIfAbsent(command.getUserId(), none -> new TreeMap<>());
        if (watch.getMode() == WatchPresence.Mode.START) {
            // a later life of a gateway knows nothing of what an earlier one has asked
            watchers.values()
                    .removeIf(earlier -> earlier.getOrigin().getGatewaySlot()
                                    == watch.getOrigin().getGatewaySlot()
                            && earlier.getGatewayEpoch() < watch.getGatewayEpoch());
            watchers.put(watch.getOrigin().getSessionId(), watch);
        } else if (watch.getMode() == WatchPresence.Mode.STOP) {
            watchers.remove(watch.getOrigin().getSessionId());
        } else if (command.hasGatewayGone()) {
            GatewayGone gone = command.getGatewayGone();
            watching.values()
                    .forEach(ofOne -> ofOne.values()
                            .removeIf(earlier -> earlier.getOrigin().getGatewaySlot() == gone.getGatewaySlot()
                                    && earlier.getGatewayEpoch() <= gone.getGatewayEpoch()));
        }
    }

    private List<UserEvent> userEvents(int partition) {
        return world.cluster.partitions(Topics.USER_EVENTS).get(partition).committed().stream()
                .map(record -> Ledger.value(Topics.USER_EVENTS, record))
                .toList();
    }

    /** How many cases there were, for people. */
    @Override
    public String toString() {
        return "settingsTold=" + settingsTold + " presencesTold=" + presencesTold + " sessionsReplaced="
                + sessionsReplaced;
    }
}
