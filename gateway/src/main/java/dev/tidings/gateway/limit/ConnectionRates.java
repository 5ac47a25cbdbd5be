package dev.tidings.gateway.limit;

import dev.tidings.v1.Error;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The rate limits of one connection, and those of its user and address. Not thread-safe: guarded by the session's lock. */
public final class ConnectionRates {

    private final RequestLimits limits;
    private final BucketSet buckets = new BucketSet();

    ConnectionRates(RequestLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts work of the connection.
     *
     * @param userId null: the client is not authenticated yet
     * @param address null: not known
     * @return null if the work is allowed; otherwise the error for the client
     */
    public @Nullable Error check(
            @Nullable String userId, @Nullable InetAddress address, LimitedWork work, long amount) {
        Error error = limits.check(buckets, work, amount);
        return error != null ? error : limits.check(userId, address, work, amount);
    }
}
