package dev.tidings.ops.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * One failure of one process.
 *
 * @param at from when the load begins
 * @param process its index in the cluster
 * @param downtime of the process
 */
record Fault(Duration at, int process, FaultKind kind, Duration downtime) {

    /** Names the fault for the report, such as {@code kill gateway-1}. */
    String label(String processName) {
        return kind.name().toLowerCase(Locale.ROOT) + ' ' + processName;
    }
}
