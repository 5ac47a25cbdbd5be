package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 499, 500, 501, 3_333, 20_000})
    void findsTheHighestSustainedRateWithinFivePercent(int capacity) {
        RateSearch search = search(500, capacity);

        assertTrue(search.sustainedRate() <= capacity, () -> "found " + search.sustainedRate());
        assertTrue(search.sustainedRate() >= capacity * 0.95 - 1, () -> "found " + search.sustainedRate());
    }

    @Test
    void findsNoneIfNoRateIsSustained() {
        assertEquals(0, search(500, 0).sustainedRate());
    }

    @Test
    void endsAtTheHighestRateOfAGenerator() {
        assertEquals(RateSearch.MAX_RATE, search(500, Integer.MAX_VALUE).sustainedRate());
    }

    private static RateSearch search(int startRate, int capacity) {
        RateSearch search = new RateSearch(startRate);
        while (!search.isDone()) {
            search.record(search.nextRate() <= capacity);
        }
        return search;
    }
}
