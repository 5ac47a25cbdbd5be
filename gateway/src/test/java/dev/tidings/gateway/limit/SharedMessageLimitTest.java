package dev.tidings.gateway.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.Error;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two gateways share counters that expire a minute after their first addition. */
class SharedMessageLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong nanos = new AtomicLong();
    private final Counters counters = new Counters();
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private final RequestLimits first = gateway();
    private final RequestLimits second = gateway();

    @Test
    void messages_at_all_gateways_count_together() {
        assertNull(send(first, "anna", 6));
        assertNull(send(second, "anna", 4));
        tick();
        tick();

        for (RequestLimits gateway : List.of(first, second)) {
            if (gateway == first) {
                assertNull(send(gateway, "anna", 1), "this gateway has counted before the other one");
                tick();
            }
            Error error = send(gateway, "anna", 1);
            assertNotNull(error);
            assertEquals(Error.Code.RATE_LIMITED, error.getCode());
            assertEquals(
                    "too many messages of the user; at most 10 per minute are allowed, at all gateways together",
                    error.getMessage());
            assertTrue(error.getRetryAfterMs() > 50_000 && error.getRetryAfterMs() <= 60_001, error::toString);
        }
        assertNull(send(second, "bert", 1));
    }

    @Test
    void a_user_may_send_again_when_the_counter_has_expired() {
        send(first, "anna", 10);
        tick();
        Error error = send(first, "anna", 1);
        assertNotNull(error);

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs()));

        assertNull(send(first, "anna", 1));
    }

    @Test
    void without_the_counters_each_gateway_limits_alone_and_counts_again_when_they_are_back() {
        counters.available = false;
        for (int second = 0; second < 100; second++) {
            assertNull(send(first, "anna", 1));
            tick();
        }
        assertNull(send(first, "anna", 1_000));
        assertNotNull(send(first, "anna", 1), "the limit of the gateway applies");

        counters.available = true;
        send(first, "bert", 10);
        tick();

        assertNotNull(send(first, "bert", 1));
    }

    @Test
    void a_call_that_hangs_delays_no_message_and_there_is_one_at_a_time() {
        send(first, "anna", 10);
        first.tick();
        send(first, "anna", 1);
        first.tick();

        assertEquals(1, calls.size());
        assertNull(send(first, "anna", 1));
        calls.remove().run();
        assertNotNull(send(first, "anna", 1));
    }

    @Test
    void users_beyond_the_bound_are_not_counted() {
        for (int user = 0; user <= SharedMessageLimit.MAX_USERS; user++) {
            assertNull(send(first, "u" + user, 1));
        }
        tick();

        assertEquals(SharedMessageLimit.MAX_USERS, counters.totals.size());
        assertEquals(SharedMessageLimit.MAX_USERS / SharedMessageLimit.USERS_PER_CALL, counters.calls);
    }

    private RequestLimits gateway() {
        return new RequestLimits(
                new RateLimits(Map.of(), Map.of(LimitedWork.MESSAGES, new RateLimit(1_000, 1_000)), Map.of()),
                ConnectionQuota.NONE,
                new SharedMessageLimit(10, counters, calls::add),
                nanos::get,
                new MetricRegistry());
    }

    private static @Nullable Error send(RequestLimits gateway, String user, int messages) {
        return gateway.check(user, null, LimitedWork.MESSAGES, messages);
    }

    /** A second passes, and the calls of both gateways are made. */
    private void tick() {
        nanos.addAndGet(SECOND);
        first.tick();
        second.tick();
        while (!calls.isEmpty()) {
            calls.remove().run();
        }
    }

    private final class Counters implements SharedCounters {

        private final Map<String, Long> totals = new HashMap<>();
        private final Map<String, Long> expireAtNanos = new HashMap<>();
        private boolean available = true;
        private int calls;

        @Override
        public List<Total> add(Map<String, Long> counts) {
            if (!available) {
                throw new ReadModelUnavailableException("Redis does not answer");
            }
            calls++;
            return counts.entrySet().stream()
                    .map(count -> add(count.getKey(), count.getValue()))
                    .toList();
        }

        private Total add(String user, long count) {
            long expires = expireAtNanos.computeIfAbsent(user, first -> nanos.get() + 60 * SECOND);
            return new Total(
                    user, totals.merge(user, count, Long::sum), TimeUnit.NANOSECONDS.toMillis(expires - nanos.get()));
        }
    }
}
