package dev.tidings.gateway.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final RateLimit TEN_PER_SECOND = new RateLimit(10, 20);

    private final TokenBucket bucket = new TokenBucket(TEN_PER_SECOND, 0);

    @Test
    void the_burst_is_allowed_at_once_and_then_the_rate() {
        assertEquals(0, take(20, 0));
        assertEquals(SECOND / 10, take(1, 0));
        assertEquals(0, take(1, SECOND / 10));
        assertEquals(SECOND / 10, take(1, SECOND / 10));
    }

    @Test
    void the_time_to_retry_is_the_time_until_enough_tokens_are_there() {
        take(20, 0);

        assertEquals(SECOND, take(10, 0));
        assertEquals(SECOND / 2, take(10, SECOND / 2));
        assertEquals(0, take(10, SECOND));
    }

    @Test
    void a_rejected_amount_takes_no_tokens() {
        take(19, 0);

        assertEquals(SECOND / 10, take(2, 0));
        assertEquals(0, take(1, 0));
    }

    @Test
    void unused_tokens_do_not_exceed_the_burst() {
        take(20, 0);

        assertEquals(0, take(20, 1_000 * SECOND));
        assertEquals(SECOND / 10, take(1, 1_000 * SECOND));
    }

    @Test
    void an_amount_above_the_burst_is_allowed_when_the_bucket_is_full_and_leaves_a_debt() {
        assertEquals(0, take(50, 0));
        assertEquals(31 * SECOND / 10, take(1, 0));
        assertEquals(0, take(1, 31 * SECOND / 10));
    }

    @Test
    void a_time_before_the_last_one_adds_no_tokens() {
        take(20, SECOND);

        assertEquals(SECOND / 10, take(1, 0));
        assertEquals(SECOND / 10, take(1, SECOND));
    }

    private long take(long amount, long nowNanos) {
        return bucket.tryTake(amount, TEN_PER_SECOND, nowNanos);
    }
}
