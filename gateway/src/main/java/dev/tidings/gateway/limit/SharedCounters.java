package dev.tidings.gateway.limit;

import java.util.List;
import java.util.Map;

/** Counters that all gateways share. Each expires a fixed time after its first addition. */
@FunctionalInterface
interface SharedCounters {

    /** @param remainingMillis until the counter expires */
    record Total(String userId, long count, long remainingMillis) {}

    /**
     * Adds to the counters of these users and returns their totals. May block.
     *
     * @throws RuntimeException if the counters cannot be reached
     */
    List<Total> add(Map<String, Long> counts);
}
