package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares presence with the sessions that live on gateways. */
final class PresenceRecount {

    private final World world;

    PresenceRecount(World world) {
        this.world = world;
    }

    void usersWithALiveSessionAreOnline() {
        world.snapshot().presences().forEach((userId, presence) -> {
            List<Session> living = world.snapshot().sessions().getOrDefault(userId, List.of());
            assertEquals(!living.isEmpty(), presence.getOnline(), () -> presence + " with " + living);
            assertEquals(
                    List.copyOf(new TreeSet<>(
                            living.stream().map(Session::getPlatform).toList())),
                    presence.getPlatformsList(),
                    () -> presence + " with " + living);
        });
        assertTrue(
                world.snapshot()
                        .presences()
                        .keySet()
                        .containsAll(world.snapshot().sessions().keySet()),
                "a user with a session has no presence");
    }

    void everyWatcherHasTheNewestPresence() {
        world.snapshot()
                .sessions()
                .forEach((watcher, sessions) -> sessions.forEach(session -> world.snapshot()
                        .watched()
                        .getOrDefault(session.getSessionId(), Map.of())
                        .forEach((userId, received) -> knows(watcher, userId, received))));
    }

    /** A blocked watcher sees nothing, and after the block only what they ask for again. */
    private void knows(String watcher, String userId, Presence received) {
        Presence nothing = Presence.newBuilder().setUserId(userId).build();
        Blocks blocks = world.snapshot().ledger().blocks;
        if (blocks.isBlocked(userId, watcher)) {
            assertEquals(nothing, received, () -> watcher + " sees who has blocked them");
        } else if (!blocks.wasEverBlocked(userId, watcher) || !received.equals(nothing)) {
            assertEquals(
                    world.snapshot().presences().getOrDefault(userId, nothing).toBuilder()
                            .clearLastSeenAt()
                            .build(),
                    received.toBuilder().clearLastSeenAt().build(),
                    watcher);
        }
    }

    /** A gateway that is gone ends no session of another gateway or of a later epoch. */
    void aGatewayThatIsGoneEndsOnlyItsOwnSessions() {
        for (int partition = 0; partition < World.LAYOUT.users(); partition++) {
            UserCommandLog commandLog = new UserCommandLog(world.cluster, partition);
            for (Partition.Appended record :
                    world.cluster.partitions(Topics.USER_EVENTS).get(partition).committed()) {
                UserEvent event = Ledger.value(Topics.USER_EVENTS, record);
                GatewayGone gone =
                        commandLog.at(Timestamps.toMillis(event.getAt())).getGatewayGone();
                Session session = event.getSessionClosed().getSession();
                if (event.hasSessionClosed() && !gone.equals(GatewayGone.getDefaultInstance())) {
                    assertTrue(
                            session.getGatewaySlot() == gone.getGatewaySlot()
                                    && session.getGatewayEpoch() <= gone.getGatewayEpoch(),
                            () -> session + " with " + gone);
                }
            }
        }
    }

    void theLoginPolicyHolds() {
        LoginPolicy policy = world.gateways.loginPolicy();
        world.snapshot().sessions().forEach((userId, sessions) -> {
            long devices =
                    sessions.stream().map(Session::getDeviceId).distinct().count();
            long platforms =
                    sessions.stream().map(Session::getPlatform).distinct().count();
            long most = switch (policy) {
                case ONE_DEVICE -> 1;
                case ONE_PER_PLATFORM -> platforms;
                case ALL_DEVICES, LOGIN_POLICY_UNSPECIFIED, UNRECOGNIZED -> devices;
            };
            assertEquals(sessions.size(), Math.min(devices, most), () -> policy + ": " + sessions);
        });
    }
}
