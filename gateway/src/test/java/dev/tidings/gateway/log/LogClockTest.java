package dev.tidings.gateway.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogClockTest {

    private static final long LOG_MILLIS = 1_700_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(-5);

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT10S", "PT10M", "PT-10M"})
    void the_clock_follows_the_log_and_not_the_clock_of_the_machine(Duration ahead) {
        LogClock clock = new LogClock(() -> LOG_MILLIS + ahead.toMillis(), nanos::get);

        clock.appended(LOG_MILLIS);
        nanos.addAndGet(Duration.ofMillis(1_999).toNanos());
        assertEquals(LOG_MILLIS + 1_999, clock.millis());

        clock.appended(LOG_MILLIS + 2_003);
        assertEquals(LOG_MILLIS + 2_003, clock.millis());
    }
}
