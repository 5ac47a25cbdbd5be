package dev.tidings.ops.bench.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time of one process.
 *
 * @param process name for the report
 * @param totalNanos of all threads, ended ones included
 * @param groupNanos of living threads, by thread group
 */
public record CpuTimes(String process, long totalNanos, Map<String, Long> groupNanos) {

    /** The group of threads that ended between two snapshots, or began and ended. */
    static final String ENDED_THREADS = "ended threads";

    public CpuTimes {
        groupNanos = Map.copyOf(groupNanos);
    }

    /** Returns the time used since an earlier snapshot of the same process. Groups without any are omitted. */
    public CpuTimes since(CpuTimes earlier) {
        Map<String, Long> used = new TreeMap<>();
        long living = 0;
        for (Map.Entry<String, Long> group : groupNanos.entrySet()) {
            long nanos = Math.max(0, group.getValue() - earlier.groupNanos.getOrDefault(group.getKey(), 0L));
            living += nanos;
            if (nanos > 0) {
                used.put(group.getKey(), nanos);
            }
        }
        long total = Math.max(living, totalNanos - earlier.totalNanos);
        if (total > living) {
            used.put(ENDED_THREADS, total - living);
        }
        return new CpuTimes(process, total, used);
    }
}
