package dev.tidings.ops.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTimesTest {

    @Test
    void theDifferenceIsByThreadGroup() {
        CpuTimes before = new CpuTimes("java", 100, Map.of("a", 60L, "b", 40L));
        CpuTimes after = new CpuTimes("java", 175, Map.of("a", 80L, "b", 40L, "c", 55L));

        assertEquals(new CpuTimes("java", 75, Map.of("a", 20L, "c", 55L)), after.since(before));
    }

    @Test
    void timeOfEndedThreadsIsAGroupOfItsOwn() {
        CpuTimes before = new CpuTimes("java", 100, Map.of("a", 60L, "b", 40L));
        CpuTimes after = new CpuTimes("java", 150, Map.of("a", 70L));

        assertEquals(new CpuTimes("java", 50, Map.of("a", 10L, CpuTimes.ENDED_THREADS, 40L)), after.since(before));
    }
}
