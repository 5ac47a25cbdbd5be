package dev.tidings.processors.presence;

import com.google.protobuf.Timestamp;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Decides what other users see of a user's presence, and which sessions receive changes of it. */
public final class PresenceDecider {

    /** The largest number of sessions that watch one user. */
    public static final int MAX_WATCHERS = 1_000;

    private PresenceDecider() {}

    /**
     * Returns the presence that other users see. A user is online with at least one session; {@code lastSeenAt} is set
     * only if the user is offline.
     */
    public static Presence seen(String userId, UserRecord user, PresenceRecord record) {
        Presence.Builder seen = Presence.newBuilder()
                .setUserId(userId)
                .setOnline(user.getSessionsCount() > 0)
                .setStatus(record.getStatus());
        user.getSessionsList().stream()
                .map(Session::getPlatform)
                .distinct()
                .sorted()
                .forEach(seen::addPlatforms);
        if (!seen.getOnline() && record.hasLastSeenAt()) {
            seen.setLastSeenAt(record.getLastSeenAt());
        }
        return seen.build();
    }

    /**
     * Returns the record after a change of the user's sessions; the last session to end sets {@code lastSeenAt}.
     *
     * @param at when the sessions changed from {@code before} to {@code after}
     */
    public static PresenceRecord afterSessions(
            PresenceRecord record, UserRecord before, UserRecord after, Timestamp at) {
        boolean went = before.getSessionsCount() > 0 && after.getSessionsCount() == 0;
        return went ? record.toBuilder().setLastSeenAt(at).build() : record;
    }

    public static PresenceRecord withStatus(PresenceRecord record, String status) {
        return record.toBuilder().setStatus(status).build();
    }

    /** Returns true if the session watches already, or fewer than {@link #MAX_WATCHERS} sessions do. */
    public static boolean hasRoomFor(PresenceRecord record, Watcher watcher) {
        return watchedBy(record, watcher).getWatchersCount() <= MAX_WATCHERS;
    }

    /**
     * Returns the record with this session as the newest watcher. Removes the watchers of earlier epochs of its
     * gateway: they are gone.
     */
    public static PresenceRecord watchedBy(PresenceRecord record, Watcher watcher) {
        return without(
                        record,
                        other -> isOf(watcher.getSessionId(), other)
                                || (other.getGatewaySlot() == watcher.getGatewaySlot()
                                        && other.getGatewayEpoch() < watcher.getGatewayEpoch()))
                .toBuilder()
                .addWatchers(watcher)
                .build();
    }

    public static PresenceRecord unwatchedBy(PresenceRecord record, String sessionId) {
        return without(record, watcher -> isOf(sessionId, watcher));
    }

    /** Returns the record without the watchers on this epoch of a gateway, or on an earlier one. */
    public static PresenceRecord withoutGateway(PresenceRecord record, int slot, long epoch) {
        return without(record, watcher -> watcher.getGatewaySlot() == slot && watcher.getGatewayEpoch() <= epoch);
    }

    /** Returns one delivery for each gateway with watching sessions, ordered by slot. */
    public static List<Delivery> toWatchers(PresenceRecord record, Presence presence) {
        TreeMap<Integer, PresenceDelivery.Builder> bySlot = new TreeMap<>();
        for (Watcher watcher : record.getWatchersList()) {
            bySlot.computeIfAbsent(
                            watcher.getGatewaySlot(),
                            slot -> PresenceDelivery.newBuilder().setPresence(presence))
                    .addSessionIds(watcher.getSessionId());
        }
        List<Delivery> deliveries = new ArrayList<>(bySlot.size());
        bySlot.forEach((slot, delivery) -> deliveries.add(
                Delivery.newBuilder().setGatewaySlot(slot).setPresence(delivery).build()));
        return deliveries;
    }

    private static boolean isOf(String sessionId, Watcher watcher) {
        return watcher.getSessionId().equals(sessionId);
    }

    /** Returns the same instance if no watcher is removed. */
    private static PresenceRecord without(PresenceRecord record, Predicate<Watcher> gone) {
        if (record.getWatchersList().stream().noneMatch(gone)) {
            return record;
        }
        List<Watcher> staying =
                record.getWatchersList().stream().filter(gone.negate()).toList();
        return record.toBuilder().clearWatchers().addAllWatchers(staying).build();
    }
}
