package dev.tidings.ops.bench.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aMessageCountsWhereItWasDue() {
        Timeline timeline = new Timeline(10 * SECOND, 13 * SECOND);

        timeline.sequenced(11 * SECOND);
        timeline.sequenced(12 * SECOND - 1);
        timeline.delivered(12 * SECOND, 5_000_000);

        assertEquals(
                List.of(0L, 2L, 0L),
                timeline.intervals().stream().map(Timeline.Interval::sequenced).toList());
        assertEquals(
                List.of(0L, 0L, 1L),
                timeline.intervals().stream()
                        .map(interval -> interval.sendToDelivered().getTotalCount())
                        .toList());
        assertEquals(2.0, timeline.intervals().getLast().seconds());
    }

    @Test
    void theLastIntervalMayBeShorterAndTakesWhatIsDueAtItsEnd() {
        Timeline timeline = new Timeline(0, 5 * SECOND / 2);

        timeline.sequenced(5 * SECOND / 2);

        assertEquals(3, timeline.intervals().size());
        assertEquals(1, timeline.intervals().getLast().sequenced());
    }

    @Test
    void aLongWindowHasLongIntervalsInsteadOfMoreOfThem() {
        Timeline day = new Timeline(0, TimeUnit.DAYS.toNanos(1));

        assertEquals(Timeline.MAX_INTERVALS, day.intervals().size());
        assertEquals(288, day.intervalSeconds());
    }

    @Test
    void aWindowWithoutAnEndHasNoMoreIntervals() {
        Timeline endless = new Timeline(0, Long.MAX_VALUE);

        assertEquals(Timeline.MAX_INTERVALS, endless.intervals().size());
    }
}
