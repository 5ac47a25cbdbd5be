package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RateHistogramTest {

    private final RateHistogram histogram = new RateHistogram();

    @Test
    void countsOccurrencesInEachTenthOfASecondEmptyOnesIncluded() {
        for (long millis : new long[] {1_000, 1_050, 1_099, 1_100, 1_350}) {
            histogram.add(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        Histogram counts = histogram.perBucket();

        assertEquals(4, counts.getTotalCount());
        assertEquals(3, counts.getMaxValue());
        assertEquals(0, counts.getMinValue());
        assertEquals(1, counts.getValueAtPercentile(75));
    }

    @Test
    void isEmptyWithoutOccurrences() {
        assertEquals(0, histogram.perBucket().getTotalCount());
    }
}
