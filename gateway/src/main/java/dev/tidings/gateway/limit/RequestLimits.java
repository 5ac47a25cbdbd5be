package dev.tidings.gateway.limit;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.gateway.api.Errors;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.v1.Error;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a client may do more work now: the rate limits of its connection, user and address at this gateway. Work that
 * one of them rejects has already been counted by those before it. See decision record 50. Thread-safe.
 */
public final class RequestLimits {

    /** The users, and the addresses, whose buckets are kept. */
    static final int MAX_KEYS = 100_000;

    private static final int IPV6_PREFIX_LENGTH = 64;

    private final RateLimits limits;
    private final LongSupplier nanos;
    private final ConnectionCounts connections;
    private final @Nullable SharedMessageLimit shared;
    private final TokenBuckets<String> users;
    private final TokenBuckets<InetAddress> addresses;
    private final Map<LimitedWork, Meter> rejected = new EnumMap<>(LimitedWork.class);

    /**
     * @param shared the limit of messages over all gateways; null: none
     * @param nanos a monotonic clock
     */
    public RequestLimits(
            RateLimits limits,
            ConnectionQuota quota,
            @Nullable SharedMessageLimit shared,
            LongSupplier nanos,
            MetricRegistry metrics) {
        this.limits = limits;
        this.connections = new ConnectionCounts(quota, metrics);
        this.shared = shared;
        this.nanos = nanos;
        this.users = new TokenBuckets<>(limits.perUser(), MAX_KEYS);
        this.addresses = new TokenBuckets<>(limits.perAddress(), MAX_KEYS);
        for (LimitedWork work : LimitedWork.values()) {
            rejected.put(work, metrics.meter("tidings.gateway.rate-limited." + work.metricName()));
        }
        metrics.register("tidings.gateway.rate-limited-users", (Gauge<Integer>) users::size);
        metrics.register("tidings.gateway.rate-limited-addresses", (Gauge<Integer>) addresses::size);
    }

    /** Returns the count of a new connection; see {@link ConnectionCounts#connection}. */
    public ConnectionCount count(@Nullable InetAddress address) {
        return connections.connection(address);
    }

    /** Returns the number of different users with a session. */
    public int connectedUsers() {
        return connections.users();
    }

    /** Returns the limits of a new connection. */
    public ConnectionRates connection() {
        return new ConnectionRates(this);
    }

    /**
     * Counts work of a user without a connection, such as an HTTP request.
     *
     * @param userId null: the user is not known yet
     * @param address null: not known
     * @return null if the work is allowed; otherwise the error for the client
     */
    public @Nullable Error check(
            @Nullable String userId, @Nullable InetAddress address, LimitedWork work, long amount) {
        long now = nanos.getAsLong();
        if (userId != null) {
            long waitNanos = users.tryTake(userId, work, amount, now);
            if (waitNanos > 0) {
                return rejected("the user", limits.perUser(), work, waitNanos);
            }
        }
        if (address != null) {
            long waitNanos = addresses.tryTake(network(address), work, amount, now);
            if (waitNanos > 0) {
                return rejected("the address", limits.perAddress(), work, waitNanos);
            }
        }
        return userId == null || work != LimitedWork.MESSAGES ? null : checkShared(userId, amount, now);
    }

    private @Nullable Error checkShared(String userId, long messages, long nowNanos) {
        long waitNanos = shared == null ? 0 : shared.tryTake(userId, messages, nowNanos);
        if (shared == null || waitNanos == 0) {
            return null;
        }
        meter(LimitedWork.MESSAGES).mark();
        return Errors.rateLimited(
                "too many messages of the user; at most " + shared.perMinute()
                        + " per minute are allowed, at all gateways together",
                (int) TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
    }

    /**
     * Counts a request without a connection as a frame with its bytes.
     *
     * @param userId null: the request is not one of a user
     * @param address null: not known
     * @param isRead whether it reads what no other limit counts
     */
    public @Nullable Error checkRequest(
            @Nullable String userId, @Nullable InetAddress address, int bytes, boolean isRead) {
        Error exceeded = check(userId, address, LimitedWork.FRAMES, 1);
        if (exceeded == null) {
            exceeded = check(userId, address, LimitedWork.BYTES, bytes);
        }
        return exceeded == null && isRead ? check(userId, address, LimitedWork.READS, 1) : exceeded;
    }

    /** Counts the work of a request of a user without a connection, besides its frame and its bytes. */
    public @Nullable Error check(String userId, ClientRequest.SessionRequest request) {
        for (Map.Entry<LimitedWork, Integer> cost : RequestCost.of(request).entrySet()) {
            Error exceeded = check(userId, null, cost.getKey(), cost.getValue());
            if (exceeded != null) {
                return exceeded;
            }
        }
        return null;
    }

    @Nullable
    Error check(BucketSet connection, LimitedWork work, long amount) {
        RateLimit limit = limits.perConnection().get(work);
        long waitNanos = limit == null ? 0 : connection.tryTake(work, amount, limit, nanos.getAsLong());
        return waitNanos == 0 ? null : rejected("the connection", limits.perConnection(), work, waitNanos);
    }

    private Error rejected(String scope, Map<LimitedWork, RateLimit> of, LimitedWork work, long waitNanos) {
        meter(work).mark();
        RateLimit limit = of.getOrDefault(work, RateLimit.OFF);
        long waitMillis = TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1;
        return Errors.rateLimited(
                "too many " + work.text() + " of " + scope + "; at most " + number(limit.perSecond())
                        + " per second, and " + limit.burst() + " at once, are allowed",
                (int) Math.min(Integer.MAX_VALUE, waitMillis));
    }

    private Meter meter(LimitedWork work) {
        Meter meter = rejected.get(work);
        if (meter == null) {
            throw new IllegalStateException("no meter for " + work);
        }
        return meter;
    }

    private static String number(double perSecond) {
        return perSecond == Math.rint(perSecond) ? Long.toString((long) perSecond) : Double.toString(perSecond);
    }

    /** One client usually has a whole block of 64 bits: an IPv6 address of its own for each connection must not help it. */
    static InetAddress network(InetAddress address) {
        return address instanceof Inet6Address
                ? AddressBlock.around(address, IPV6_PREFIX_LENGTH).network()
                : address;
    }

    /** Drops buckets that are full again, and shares what was counted. Call it once a second. */
    public void tick() {
        long now = nanos.getAsLong();
        users.dropIdle(now);
        addresses.dropIdle(now);
        if (shared != null) {
            shared.tick(now);
        }
    }
}
