package dev.tidings.ops.bench.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveryDelaysTest {

    private static final long ORIGIN = -Duration.ofDays(300).toNanos();

    private final DeliveryDelays delays = new DeliveryDelays(ORIGIN);

    @Test
    void theLongestDelayIsOfMessagesThatWereDueInTheGivenTime() {
        delivered(1_000, 30);
        delivered(2_000, 700);
        delivered(2_050, 400);
        delivered(3_000, 900);

        assertEquals(millis(700), delays.longestNanos(at(1_000), at(3_000)));
        assertEquals(millis(900), delays.longestNanos(at(1_000), Long.MAX_VALUE));
        assertEquals(0, delays.longestNanos(at(4_000), Long.MAX_VALUE));
    }

    @Test
    void recoveryLastsUntilTheLastMessageThatTookTooLong() {
        delivered(1_000, 3_000);
        delivered(2_500, 1_500);
        delivered(2_700, 20);
        delivered(9_000, 3_000);

        assertEquals(millis(1_600), delays.nanosUntilBelow(millis(500), at(1_000), at(9_000)));
        assertEquals(0, delays.nanosUntilBelow(millis(3_000), at(1_000), at(9_000)));
    }

    @Test
    void aLongRunIsKeptToItsEnd() {
        delivered(Duration.ofHours(2).toMillis(), 40);

        assertEquals(millis(40), delays.longestNanos(at(0), Long.MAX_VALUE));
    }

    private void delivered(long dueMillis, long delayMillis) {
        delays.delivered(at(dueMillis), millis(delayMillis));
    }

    private static long at(long millis) {
        return ORIGIN + millis(millis);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
