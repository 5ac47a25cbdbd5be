package dev.tidings.gateway.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.limit.SharedCounters.Total;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ClusteredRedis;
import dev.tidings.gateway.readmodel.RedisReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counters of several users in a real Redis Cluster, where each has a slot of its own. */
class RedisCountersTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

    @Test
    @Timeout(180)
    void users_of_different_slots_are_counted_together(@TempDir Path directory) throws Exception {
        try (ClusteredRedis server = ClusteredRedis.start(directory);
                RedisReader redis = server.reader()) {
            RedisCounters counters = new RedisCounters(redis, new CircuitBreaker("redis", () -> 0), TIME_TO_LIVE);

            counters.add(Map.of("anna", 1L, "bert", 2L, "carl", 3L));
            List<Total> totals = counters.add(Map.of("anna", 10L, "carl", 30L));

            assertEquals(Map.of("anna", 11L, "carl", 33L), counts(totals));
            for (Total total : totals) {
                assertTrue(
                        total.remainingMillis() > 0 && total.remainingMillis() <= TIME_TO_LIVE.toMillis(),
                        total::toString);
            }
        }
    }

    private static Map<String, Long> counts(List<Total> totals) {
        Map<String, Long> counts = new TreeMap<>();
        totals.forEach(total -> counts.put(total.userId(), total.count()));
        return counts;
    }
}
