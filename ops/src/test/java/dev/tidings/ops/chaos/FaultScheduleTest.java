package dev.tidings.ops.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

    private static final List<Fault.Target> TARGETS = IntStream.rangeClosed(1, 6)
            .boxed()
            .flatMap(number -> Stream.of(FaultKind.KILL, FaultKind.PAUSE, FaultKind.CLOCK)
                    .map(kind -> new Fault.Target("gateway-" + number, kind)))
            .toList();

    @Test
    void theSeedDecidesTheSchedule() {
        assertEquals(schedule(7, 600), schedule(7, 600));
        assertNotEquals(schedule(7, 600), schedule(8, 600));
    }

    @Test
    void aFaultBeginsWhenTheOneBeforeIsOverAndTheLastEndsBeforeTheRun() {
        for (long seed = 0; seed < 50; seed++) {
            Duration free = Duration.ZERO;
            for (Fault fault : schedule(seed, 300)) {
                assertTrue(fault.at().compareTo(free) > 0, fault::toString);
                free = fault.at().plus(fault.downtime());
            }
            assertTrue(free.compareTo(Duration.ofSeconds(295)) <= 0, free::toString);
        }
    }

    @Test
    void everyTargetComesBeforeOneComesAgain() {
        List<Fault> faults = schedule(1, 3_600);

        assertTrue(faults.size() > TARGETS.size(), () -> faults.size() + " faults");
        assertEquals(
                Set.copyOf(TARGETS),
                faults.stream().limit(TARGETS.size()).map(Fault::target).collect(Collectors.toSet()));
    }

    @Test
    void aClockIsOffByASecondToAMinuteInBothDirections() {
        List<Long> shifts = schedule(1, 3_600).stream()
                .map(fault -> fault.clockShift().toSeconds())
                .toList();

        assertTrue(shifts.stream().allMatch(shift -> Math.abs(shift) >= 1 && Math.abs(shift) <= 60), shifts::toString);
        assertTrue(
                shifts.stream().anyMatch(shift -> shift < 0) && shifts.stream().anyMatch(shift -> shift > 0));
    }

    @Test
    void theShortestRunHasAFault() {
        for (long seed = 0; seed < 50; seed++) {
            assertTrue(!schedule(seed, 18).isEmpty());
        }
    }

    private static List<Fault> schedule(long seed, int seconds) {
        return FaultSchedule.of(seed, Duration.ofSeconds(seconds), TARGETS);
    }
}
