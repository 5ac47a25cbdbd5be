package dev.tidings.connectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    private final Backoff backoff = new Backoff(100, nanos::get);

    @Test
    void pausesDoubleUpToALimit() {
        List<Long> pauses =
                Stream.generate(backoff::afterFailureMillis).limit(8).toList();
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 3_200L, 3_200L), pauses);
    }

    @Test
    void anAttemptIsDueWhenItsPauseIsOver() {
        assertEquals(0, backoff.remainingMillis());
        backoff.afterFailureMillis();
        assertEquals(100, backoff.remainingMillis());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(99));
        assertEquals(1, backoff.remainingMillis());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertEquals(0, backoff.remainingMillis());
        backoff.afterFailureMillis();
        backoff.succeeded();
        assertEquals(0, backoff.remainingMillis());
    }

    @Test
    void aSuccessBeginsAnew() {
        backoff.afterFailureMillis();
        backoff.afterFailureMillis();
        backoff.succeeded();
        assertEquals(100, backoff.afterFailureMillis());
    }
}
