package dev.tidings.ops.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

    private static final List<FaultKind> ALL = List.of(FaultKind.values());

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
    void everyPairOfProcessAndKindComesBeforeOneComesAgain() {
        List<Fault> faults = schedule(1, 3_600);
        int pairs = 6 * ALL.size();

        assertTrue(faults.size() > pairs, () -> faults.size() + " faults");
        assertEquals(
                pairs,
                faults.stream()
                        .limit(pairs)
                        .map(fault -> fault.process() + " " + fault.kind())
                        .collect(Collectors.toSet())
                        .size());
    }

    @Test
    void theShortestRunHasAFault() {
        for (long seed = 0; seed < 50; seed++) {
            assertTrue(!schedule(seed, 18).isEmpty());
        }
    }

    private static List<Fault> schedule(long seed, int seconds) {
        return FaultSchedule.of(seed, Duration.ofSeconds(seconds), 6, ALL);
    }
}
