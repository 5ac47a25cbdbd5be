package dev.tidings.gateway.limit;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the messages that a user sends in a minute through all gateways. Each gateway adds what its users have sent to counters
 * in Redis once a second, and rejects the messages of a user whose counter is above the limit until the counter expires. So a
 * message never waits for Redis; a user may exceed the limit by what they send in about a second; and without Redis only the
 * {@link RateLimits} of each gateway apply. Thread-safe.
 */
public final class SharedMessageLimit {

    /** Users who are counted between two calls of Redis. The messages of further ones are not counted. */
    static final int MAX_USERS = 100_000;

    /** Users in one call of Redis. */
    static final int USERS_PER_CALL = 1_000;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(SharedMessageLimit.class);

    private final int perMinute;
    private final SharedCounters counters;
    private final Executor executor;
    // guarded by this
    private final Map<String, Long> rejectedUntilNanos = new HashMap<>();
    private Map<String, Long> uncounted = new HashMap<>();
    private boolean counting;

    /**
     * @param executor runs the calls of Redis
     */
    SharedMessageLimit(int perMinute, SharedCounters counters, Executor executor) {
        this.perMinute = perMinute;
        this.counters = counters;
        this.executor = executor;
    }

    /** Returns the setting {@code gateway.limit.user.messages-per-minute}; {@link ConnectionQuota#NO_LIMIT} if it is off. */
    public static int perMinute(Settings settings) {
        String key = "gateway.limit.user.messages-per-minute";
        return ConnectionQuota.parse(key, settings.text("gateway.limit.user.messages-per-minute", "off"));
    }

    /** Returns null if there is no limit. */
    public static @Nullable SharedMessageLimit in(RedisReader redis, int perMinute, Executor executor) {
        return perMinute == ConnectionQuota.NO_LIMIT
                ? null
                : new SharedMessageLimit(
                        perMinute,
                        new RedisCounters(redis, new CircuitBreaker("redis-limits", System::nanoTime), WINDOW),
                        executor);
    }

    int perMinute() {
        return perMinute;
    }

    /**
     * Counts messages of a user.
     *
     * @return 0 if they are allowed; otherwise the nanoseconds after which they are
     */
    synchronized long tryTake(String userId, long amount, long nowNanos) {
        Long until = rejectedUntilNanos.get(userId);
        if (until != null && until - nowNanos > 0) {
            return until - nowNanos;
        }
        if (uncounted.size() < MAX_USERS || uncounted.containsKey(userId)) {
            uncounted.merge(userId, amount, Long::sum);
        }
        return 0;
    }

    /** Adds what was sent to the shared counters, in another thread. Call it once a second. */
    void tick(long nowNanos) {
        Map<String, Long> counts;
        synchronized (this) {
            rejectedUntilNanos.values().removeIf(until -> until - nowNanos <= 0);
            if (counting || uncounted.isEmpty()) {
                return;
            }
            counting = true;
            counts = uncounted;
            uncounted = new HashMap<>();
        }
        executor.execute(() -> count(counts, nowNanos));
    }

    private void count(Map<String, Long> counts, long nowNanos) {
        try {
            List<String> users = List.copyOf(counts.keySet());
            for (int from = 0; from < users.size(); from += USERS_PER_CALL) {
                Map<String, Long> part = new HashMap<>();
                users.subList(from, Math.min(users.size(), from + USERS_PER_CALL))
                        .forEach(user -> part.put(user, counts.getOrDefault(user, 0L)));
                counters.add(part).forEach(total -> counted(total, nowNanos));
            }
        } catch (RuntimeException e) {
            LOG.debug("shared limits are not available; messages are limited by each gateway alone", e);
        } finally {
            synchronized (this) {
                counting = false;
            }
        }
    }

    private synchronized void counted(SharedCounters.Total total, long nowNanos) {
        if (total.count() >= perMinute) {
            rejectedUntilNanos.put(
                    total.userId(), nowNanos + TimeUnit.MILLISECONDS.toNanos(Math.max(1, total.remainingMillis())));
        }
    }
}
