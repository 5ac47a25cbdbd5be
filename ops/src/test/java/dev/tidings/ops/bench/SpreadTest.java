package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private final Spread spread = new Spread();

    @Test
    void countsWhatHappenedInEachTenthOfASecondAlsoWhereNothingDid() {
        for (long millis : new long[] {1_000, 1_050, 1_099, 1_100, 1_350}) {
            spread.add(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        Histogram counts = spread.perBucket();

        assertEquals(4, counts.getTotalCount());
        assertEquals(3, counts.getMaxValue());
        assertEquals(0, counts.getMinValue());
        assertEquals(1, counts.getValueAtPercentile(75));
    }

    @Test
    void whereNothingHappenedThereIsNothingToCount() {
        assertEquals(0, spread.perBucket().getTotalCount());
    }
}
