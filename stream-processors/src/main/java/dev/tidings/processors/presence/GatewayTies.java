package dev.tidings.processors.presence;

import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lists the gateways that a user depends on: those with a session of the user, and those with a session that watches
 * the user's presence.
 */
public final class GatewayTies {

    private GatewayTies() {}

    /**
     * Returns the earliest relevant epoch by gateway slot. A gateway that is gone affects the user only if its epoch is
     * at least that one.
     */
    public static SortedMap<Integer, Long> of(UserRecord user, PresenceRecord presence) {
        TreeMap<Integer, Long> ties = new TreeMap<>();
        user.getSessionsList()
                .forEach(session -> ties.merge(session.getGatewaySlot(), session.getGatewayEpoch(), Math::min));
        presence.getWatchersList()
                .forEach(watcher -> ties.merge(watcher.getGatewaySlot(), watcher.getGatewayEpoch(), Math::min));
        return ties;
    }
}
