package dev.tidings.gateway.limit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private static final InetAddress ADDRESS = address("192.0.2.1");

    private final AtomicLong nanos = new AtomicLong();
    private final MetricRegistry metrics = new MetricRegistry();
    private final RequestLimits limits = new RequestLimits(
            new RateLimits(
                    Map.of(LimitedWork.FRAMES, new RateLimit(1, 2)),
                    Map.of(LimitedWork.MESSAGES, new RateLimit(0.5, 3)),
                    Map.of(LimitedWork.MESSAGES, new RateLimit(10, 5))),
            ConnectionQuota.NONE,
            null,
            nanos::get,
            metrics);

    @Test
    void a_user_has_one_limit_for_all_their_connections() {
        ConnectionRates phone = limits.connection();
        ConnectionRates laptop = limits.connection();

        assertNull(phone.check("anna", null, LimitedWork.MESSAGES, 2));
        assertNull(laptop.check("anna", null, LimitedWork.MESSAGES, 1));
        Error error = requireNonNull(laptop.check("anna", null, LimitedWork.MESSAGES, 1));

        assertEquals(Error.Code.RATE_LIMITED, error.getCode());
        assertEquals(
                "too many messages of the user; at most 0.5 per second, and 3 at once, are allowed",
                error.getMessage());
        assertTrue(error.getRetryable());
        assertEquals(2_001, error.getRetryAfterMs());
        assertNull(laptop.check("bert", null, LimitedWork.MESSAGES, 1));
        assertEquals(1, metrics.meter("tidings.gateway.rate-limited.messages").getCount());
    }

    @Test
    void after_the_advised_time_the_work_is_allowed() {
        limits.check("anna", null, LimitedWork.MESSAGES, 3);
        Error error = requireNonNull(limits.check("anna", null, LimitedWork.MESSAGES, 2));

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs()));

        assertNull(limits.check("anna", null, LimitedWork.MESSAGES, 2));
    }

    @Test
    void connections_are_limited_separately() {
        ConnectionRates first = limits.connection();
        ConnectionRates second = limits.connection();

        assertNull(first.check(null, ADDRESS, LimitedWork.FRAMES, 2));
        assertNotNull(first.check(null, ADDRESS, LimitedWork.FRAMES, 1));
        assertNull(second.check(null, ADDRESS, LimitedWork.FRAMES, 2));
    }

    @Test
    void users_behind_one_address_share_its_limit() {
        assertNull(limits.check("anna", ADDRESS, LimitedWork.MESSAGES, 3));
        assertNull(limits.check("bert", ADDRESS, LimitedWork.MESSAGES, 2));
        assertNotNull(limits.check("carl", ADDRESS, LimitedWork.MESSAGES, 1));
        assertNull(limits.check("carl", address("192.0.2.2"), LimitedWork.MESSAGES, 1));
    }

    @Test
    void addresses_of_one_ipv6_network_share_a_limit() {
        assertNull(limits.check(null, address("2001:db8::1"), LimitedWork.MESSAGES, 5));
        assertNotNull(limits.check(null, address("2001:db8::ffff:1"), LimitedWork.MESSAGES, 1));
        assertNull(limits.check(null, address("2001:db8:0:1::1"), LimitedWork.MESSAGES, 1));
    }

    @Test
    void a_million_addresses_keep_a_bounded_number_of_buckets_which_are_dropped_when_they_are_full() {
        for (int number = 0; number < 1_000_000; number++) {
            assertNull(limits.check(null, numbered(number), LimitedWork.MESSAGES, 1));
        }
        assertTrue(keptAddresses() > RequestLimits.MAX_KEYS / 2, () -> keptAddresses() + " addresses");
        assertTrue(keptAddresses() <= RequestLimits.MAX_KEYS, () -> keptAddresses() + " addresses");
        // the newest are kept
        assertNull(limits.check(null, numbered(999_999), LimitedWork.MESSAGES, 4));
        assertNotNull(limits.check(null, numbered(999_999), LimitedWork.MESSAGES, 1));

        limits.tick();
        assertTrue(keptAddresses() > 0);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1)); // 5 tokens at 10 a second take half a second
        limits.tick();

        assertEquals(0, keptAddresses());
    }

    private int keptAddresses() {
        Gauge<?> gauge = requireNonNull(metrics.getGauges().get("tidings.gateway.rate-limited-addresses"));
        return (int) gauge.getValue();
    }

    private static InetAddress numbered(int number) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(0x0a000000 + number).array());
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static InetAddress address(String text) {
        return requireNonNull(AddressBlock.parseAddress(text));
    }
}
