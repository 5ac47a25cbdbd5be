package dev.tidings.ops.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.bench.measure.TopicTraffic.Volume;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicTrafficTest {

    @Test
    void theDifferenceHasTopicsWithNewRecordsOnly() {
        TopicTraffic before = new TopicTraffic(Map.of("old", new Volume(5, 500), "busy", new Volume(10, 1_000)));
        TopicTraffic after = new TopicTraffic(
                Map.of("old", new Volume(5, 500), "busy", new Volume(14, 1_400), "new", new Volume(1, 70)));

        assertEquals(
                new TopicTraffic(Map.of("busy", new Volume(4, 400), "new", new Volume(1, 70))), after.since(before));
    }

    @Test
    void aTopicThatWasCompactedHasNoNegativeBytes() {
        TopicTraffic before = new TopicTraffic(Map.of("a", new Volume(10, 1_000)));
        TopicTraffic after = new TopicTraffic(Map.of("a", new Volume(12, 300)));

        assertEquals(new TopicTraffic(Map.of("a", new Volume(2, 0))), after.since(before));
    }
}
