package dev.tidings.processors.presence;

import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which gateways must not go without a user's hearing of it: those with a session of his, or with one that watches him. */
public final class GatewayTies {

    private GatewayTies() {}

    /** By gateway slot, the earliest epoch that matters: if it is not gone, nothing of the user on that slot is. */
    public static SortedMap<Integer, Long> of(UserRecord user, PresenceRecord presence) {
        TreeMap<Integer, Long> ties = new TreeMap<>();
        user.getSessionsList()
                .forEach(session -> ties.merge(session.getGatewaySlot(), session.getGatewayEpoch(), Math::min));
        presence.getWatchersList()
                .forEach(watcher -> ties.merge(watcher.getGatewaySlot(), watcher.getGatewayEpoch(), Math::min));
        return ties;
    }
}
