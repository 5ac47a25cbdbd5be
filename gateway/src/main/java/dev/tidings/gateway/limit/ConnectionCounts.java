package dev.tidings.gateway.limit;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.Errors;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of each user and address at this gateway, and rejects those above the {@link ConnectionQuota}. The tables
 * hold only users and addresses that are connected: they are as large as the number of connections. Thread-safe.
 */
public final class ConnectionCounts {

    /** For clients over a quota: one of their other connections has to end first. */
    private static final int RETRY_MILLIS = 30_000;

    private final ConnectionQuota quota;
    private final ConcurrentMap<String, Integer> users = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> addresses = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> handshakes = new ConcurrentHashMap<>();
    private final Meter rejectedOfUser;
    private final Meter rejectedOfAddress;

    public ConnectionCounts(ConnectionQuota quota, MetricRegistry metrics) {
        this.quota = quota;
        this.rejectedOfUser = metrics.meter("tidings.gateway.connects.rejected-user");
        this.rejectedOfAddress = metrics.meter("tidings.gateway.connects.rejected-address");
    }

    /**
     * Returns the count of a new connection. It holds nothing yet.
     *
     * @param address null: not known, and not limited
     */
    public ConnectionCount connection(@Nullable InetAddress address) {
        return new ConnectionCount(this, address == null ? null : RequestLimits.network(address));
    }

    @Nullable
    Error enterAddress(InetAddress address) {
        if (!increment(addresses, address, quota.perAddress())) {
            return rejected(rejectedOfAddress, "connections of the address", quota.perAddress());
        }
        if (!increment(handshakes, address, quota.handshakesPerAddress())) {
            decrement(addresses, address, quota.perAddress());
            return rejected(
                    rejectedOfAddress,
                    "connections of the address without an open session",
                    quota.handshakesPerAddress());
        }
        return null;
    }

    void leaveHandshake(InetAddress address) {
        decrement(handshakes, address, quota.handshakesPerAddress());
    }

    void leaveAddress(InetAddress address) {
        decrement(addresses, address, quota.perAddress());
    }

    @Nullable
    Error enterUser(String userId) {
        return count(users, userId, quota.perUser())
                ? null
                : rejected(rejectedOfUser, "connections of the user", quota.perUser());
    }

    void leaveUser(String userId) {
        discount(users, userId);
    }

    private static Error rejected(Meter meter, String what, int max) {
        meter.mark();
        return Errors.rateLimited("too many " + what + "; at most " + max + " are allowed", RETRY_MILLIS);
    }

    private static <K> boolean increment(ConcurrentMap<K, Integer> counts, K key, int max) {
        return max == ConnectionQuota.NO_LIMIT || count(counts, key, max);
    }

    private static <K> boolean count(ConcurrentMap<K, Integer> counts, K key, int max) {
        boolean[] counted = {false};
        counts.compute(key, (same, count) -> {
            int before = count == null ? 0 : count;
            counted[0] = before < max;
            return counted[0] ? Integer.valueOf(before + 1) : count;
        });
        return counted[0];
    }

    private static <K> void decrement(ConcurrentMap<K, Integer> counts, K key, int max) {
        if (max != ConnectionQuota.NO_LIMIT) {
            discount(counts, key);
        }
    }

    private static <K> void discount(ConcurrentMap<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** The number of different users with a session. They are counted whatever the quota is. */
    int users() {
        return users.size();
    }

    /** The number of users and addresses that are counted. */
    int size() {
        return users.size() + addresses.size() + handshakes.size();
    }
}
