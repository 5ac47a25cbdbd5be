package dev.tidings.ops.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the parts of the log that the runs of a repeated verification compare: in each run the newest records of every partition, and
 * about as many older ones. The older ones are a window that moves through all partitions and begins anew at the end. Not thread-safe.
 */
final class VerificationWindows {

    /**
     * The offsets of a partition that can be compared.
     *
     * @param begin the first one that is not deleted
     * @param stored the one after the last that all sinks have stored
     * @param end the one after the newest record
     */
    record Offsets(long begin, long stored, long end) {}

    /**
     * A part of a partition.
     *
     * @param from inclusive
     * @param to exclusive
     * @param isAtEnd whether the part ends where the sinks are, and few records follow it
     */
    record Window(int partition, long from, long to, boolean isAtEnd) {}

    private final long recordsPerRun;
    private int olderPartition;
    private long olderOffset;

    /**
     * @param recordsPerRun newest records of a run in all partitions together; also the number of its older ones
     * @param olderPartition the partition in which the older ones begin
     */
    VerificationWindows(long recordsPerRun, int olderPartition) {
        this.recordsPerRun = recordsPerRun;
        this.olderPartition = olderPartition;
    }

    /** Returns the windows of the next run; none is empty. */
    List<Window> next(List<Offsets> partitions) {
        List<Window> windows = new ArrayList<>();
        long newest = Math.max(1, recordsPerRun / partitions.size());
        List<Long> newestFrom = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            Offsets offsets = partitions.get(partition);
            long from = Math.max(offsets.begin(), offsets.stored() - newest);
            newestFrom.add(from);
            if (from < offsets.stored()) {
                windows.add(new Window(
                        partition, from, offsets.stored(), offsets.end() - offsets.stored() <= recordsPerRun));
            }
        }
        addOlder(windows, partitions, newestFrom);
        return windows;
    }

    private void addOlder(List<Window> windows, List<Offsets> partitions, List<Long> newestFrom) {
        long left = recordsPerRun;
        olderPartition = olderPartition % partitions.size();
        for (int visited = 0; visited < partitions.size() && left > 0; visited++) {
            long from = Math.max(olderOffset, partitions.get(olderPartition).begin());
            long to = Math.min(from + left, newestFrom.get(olderPartition));
            if (from < to) {
                windows.add(new Window(olderPartition, from, to, false));
                left -= to - from;
                olderOffset = to;
            }
            if (to >= newestFrom.get(olderPartition) || from >= to) {
                olderPartition = (olderPartition + 1) % partitions.size();
                olderOffset = 0;
            }
        }
    }
}
