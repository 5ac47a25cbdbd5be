package dev.tidings.ops.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One failure.
 *
 * @param at from when the load begins
 * @param downtime how long it lasts
 * @param clockShift of the process: positive is ahead; for {@link FaultKind#CLOCK}
 */
record Fault(Duration at, Target target, Duration downtime, Duration clockShift) {

    /**
     * A process, and the kind of its failure.
     *
     * @param process its name; null: all, one after the other
     */
    record Target(@Nullable String process, FaultKind kind) {

        /** Names the fault for the report, such as {@code kill gateway-1}. */
        String label() {
            String name = kind.name().toLowerCase(Locale.ROOT);
            return process == null ? name : name + ' ' + process;
        }
    }

    /** Returns what can fail in a cluster, in the order of its processes. */
    static List<Target> targets(List<ClusterProcess> processes, List<FaultKind> kinds) {
        return kinds.stream()
                .flatMap(kind -> kind == FaultKind.ROLL
                        ? List.of(new Target(null, kind)).stream()
                        : processes.stream()
                                .filter(process -> kind.affects(process.role()))
                                .map(process -> new Target(process.name(), kind)))
                .toList();
    }
}
