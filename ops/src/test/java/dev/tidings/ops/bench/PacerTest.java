package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.client.FrameFormat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PacerTest {

    @Test
    void everyMessageIsDueByTheClock() {
        long start = System.nanoTime();
        List<Long> due = new ArrayList<>();

        new Pacer(start, plan(1_000, 1, 0), due::add).run();

        assertEquals(1_000, due.size());
        for (int i = 0; i < due.size(); i++) {
            assertEquals(start + i * 1_000_000L, due.get(i));
        }
    }

    @Test
    void isNeverEarly() {
        long[] earliest = {Long.MAX_VALUE};

        new Pacer(
                        System.nanoTime(),
                        plan(500, 1, 0),
                        due -> earliest[0] = Math.min(earliest[0], System.nanoTime() - due))
                .run();

        assertTrue(earliest[0] >= 0, () -> "early by " + -earliest[0] + " ns");
    }

    @Test
    void aPauseMovesNoDueTimeAndShowsAsLag() {
        long start = System.nanoTime();
        List<Long> due = new ArrayList<>();
        Pacer pacer = new Pacer(start, plan(1_000, 1, 0), at -> {
            due.add(at);
            if (due.size() == 300) {
                pause(Duration.ofMillis(300));
            }
        });

        pacer.run();

        assertEquals(start + 999 * 1_000_000L, due.getLast());
        assertTrue(pacer.lag().getMaxValue() >= TimeUnit.MILLISECONDS.toNanos(290), () -> "lag " + pacer.lag());
        assertTrue(pacer.lag().getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(100), Long.MAX_VALUE) >= 150);
    }

    @Test
    void lagOfTheWarmUpIsNotCounted() {
        Pacer pacer = new Pacer(System.nanoTime(), plan(100, 1, 1), due -> {});

        pacer.run();

        assertEquals(100, pacer.lag().getTotalCount());
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static LoadPlan plan(int rate, int seconds, int warmupSeconds) {
        URI url = URI.create("http://127.0.0.1:1");
        RunPlan run = new RunPlan("test", url, FrameFormat.PROTO, rate, 2, 10, 1, Duration.ZERO);
        return new LoadPlan(run, seconds, warmupSeconds, 0, 0, 0, 0);
    }
}
