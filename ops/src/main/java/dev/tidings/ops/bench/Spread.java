package dev.tidings.ops.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How evenly things of one kind happened: how many in each tenth of a second, from the first to the last. Thread-safe. */
final class Spread {

    private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Long> times = new ArrayList<>();

    synchronized void add(long nanos) {
        times.add(nanos);
    }

    synchronized void clear() {
        times.clear();
    }

    /** How many there were in each tenth of a second; a tenth without any counts, too. */
    synchronized Histogram perBucket() {
        Histogram counts = new Histogram(1_000_000, 3);
        if (times.isEmpty()) {
            return counts;
        }
        long first = times.stream().mapToLong(Long::longValue).min().orElseThrow();
        long last = times.stream().mapToLong(Long::longValue).max().orElseThrow();
        int[] buckets = new int[(int) ((last - first) / BUCKET_NANOS) + 1];
        times.forEach(time -> buckets[(int) ((time - first) / BUCKET_NANOS)]++);
        for (int count : buckets) {
            counts.recordValue(count);
        }
        return counts;
    }
}
