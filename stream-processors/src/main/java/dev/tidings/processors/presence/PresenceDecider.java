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

/** What others may know of a user, and which sessions are told of it. */
public final class PresenceDecider {

    /** More sessions than this do not watch one user. */
    public static final int MAX_WATCHERS = 1_000;

    private PresenceDecider() {}

    /** What others see: online with at least one session. */
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

    /** @param at when the sessions changed from one to the other */
    public static PresenceRecord afterSessions(
            PresenceRecord record, UserRecord before, UserRecord after, Timestamp at) {
        boolean went = before.getSessionsCount() > 0 && after.getSessionsCount() == 0;
        return went ? record.toBuilder().setLastSeenAt(at).build() : record;
    }

    public static PresenceRecord withStatus(PresenceRecord record, String status) {
        return record.toBuilder().setStatus(status).build();
    }

    /** Whether one more session may watch, or watches already. */
    public static boolean hasRoomFor(PresenceRecord record, Watcher watcher) {
        return watchedBy(record, watcher).getWatchersCount() <= MAX_WATCHERS;
    }

    /** With this session as the last to ask. Those of an earlier epoch of its gateway are gone with it. */
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

    /** Without those who watched on this epoch of a gateway, or an earlier one. */
    public static PresenceRecord withoutGateway(PresenceRecord record, int slot, long epoch) {
        return without(record, watcher -> watcher.getGatewaySlot() == slot && watcher.getGatewayEpoch() <= epoch);
    }

    /** One for each gateway with sessions that watch, in the order of slots. */
    public static List<Delivery> toWatchers(PresenceRecord record, Presence presence) {
        TreeMap<Integer, PresenceDelivery.Builder> bySlot = new TreeMap<>();
        for (Watcher watcher : record.getWatchersList()) {
            bySlot.computeIfAbsent(
                            watcher.getGatewaySlot(),
                            slot -> PresenceDelivery.newBuilder().setPresence(presence))
                    .addSessionIds(watcher.getSessionId());
        }
        List<Delivery> deliveries = new ArrayList<>(bySlot.size());
        bySlot.forEach((slot, told) -> deliveries.add(
                Delivery.newBuilder().setGatewaySlot(slot).setPresence(told).build()));
        return deliveries;
    }

    private static boolean isOf(String sessionId, Watcher watcher) {
        return watcher.getSessionId().equals(sessionId);
    }

    /** The very same where none of them is gone. */
    private static PresenceRecord without(PresenceRecord record, Predicate<Watcher> gone) {
        if (record.getWatchersList().stream().noneMatch(gone)) {
            return record;
        }
        List<Watcher> staying =
                record.getWatchersList().stream().filter(gone.negate()).toList();
        return record.toBuilder().clearWatchers().addAllWatchers(staying).build();
    }
}
