package dev.tidings.ops.bench.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts occurrences in buckets of 100 ms, from the first to the last, to show how evenly they are spread. Thread-safe. */
public final class RateHistogram {

    private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_PER_BUCKET = 1_000_000;

    private final List<Long> timesNanos = new ArrayList<>();

    synchronized void add(long nanos) {
        timesNanos.add(nanos);
    }

    /** Returns the distribution of the counts per bucket, empty buckets included. Empty without any occurrence. */
    public synchronized Histogram perBucket() {
        Histogram counts = new Histogram(MAX_PER_BUCKET, 3);
        if (timesNanos.isEmpty()) {
            return counts;
        }
        long first = timesNanos.stream().mapToLong(Long::longValue).min().orElseThrow();
        long last = timesNanos.stream().mapToLong(Long::longValue).max().orElseThrow();
        int[] buckets = new int[(int) ((last - first) / BUCKET_NANOS) + 1];
        timesNanos.forEach(time -> buckets[(int) ((time - first) / BUCKET_NANOS)]++);
        for (int count : buckets) {
            counts.recordValue(count);
        }
        return counts;
    }
}
