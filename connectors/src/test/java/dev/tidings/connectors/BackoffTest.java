package dev.tidings.connectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(100);

    @Test
    void pausesDoubleUpToALimit() {
        List<Long> pauses =
                Stream.generate(backoff::afterFailureMillis).limit(8).toList();
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 3_200L, 3_200L), pauses);
    }

    @Test
    void aSuccessBeginsAnew() {
        backoff.afterFailureMillis();
        backoff.afterFailureMillis();
        backoff.succeeded();
        assertEquals(100, backoff.afterFailureMillis());
    }
}
