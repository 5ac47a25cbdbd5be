package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    private static final long FIRST = 1_774_000_000_000L;

    private final long seed = Long.getLong("tidings.seed", System.nanoTime());
    private final RetrySchedule schedule = new RetrySchedule(new Random(seed));

    @Test
    void pauses_double_up_to_five_minutes_and_are_shortened_by_half_at_most() {
        System.out.println("seed " + seed);
        for (int attempts = 1; attempts < RetrySchedule.MAX_ATTEMPTS; attempts++) {
            long longest = Math.min(300_000L, 1_500L << (attempts - 1));
            for (int i = 0; i < 100; i++) {
                long pause = next(attempts, FIRST, Duration.ZERO).orElseThrow() - FIRST;
                assertTrue(pause >= longest / 2 && pause <= longest, () -> "pause " + pause + " of at most " + longest);
            }
        }
    }

    @Test
    void there_are_sixteen_attempts() {
        assertEquals(OptionalLong.empty(), next(16, FIRST, Duration.ZERO));
    }

    @Test
    void nothing_is_tried_before_the_other_side_wants_it() {
        assertEquals(OptionalLong.of(FIRST + 30_000), next(1, FIRST, Duration.ofSeconds(30)));
    }

    @Test
    void nothing_is_tried_an_hour_after_the_first_attempt() {
        assertEquals(OptionalLong.of(FIRST + 3_600_000), next(1, FIRST, Duration.ofHours(1)));
        assertEquals(OptionalLong.empty(), next(1, FIRST, Duration.ofSeconds(3_601)));
        assertEquals(OptionalLong.empty(), next(2, FIRST + 3_599_500, Duration.ZERO));
    }

    private OptionalLong next(int attempts, long nowMillis, Duration notBefore) {
        return schedule.nextAttemptMillis(attempts, FIRST, nowMillis, notBefore);
    }
}
