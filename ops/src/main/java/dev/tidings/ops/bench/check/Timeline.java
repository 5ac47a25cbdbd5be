package dev.tidings.ops.bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Latency and throughput in the course of the measured window: equal intervals of a second or more, at most {@value
 * #MAX_INTERVALS} of them. A message counts where it was due.
 */
public final class Timeline {

    static final int MAX_INTERVALS = 300;

    /** Of one interval, with two significant digits, because there may be many. */
    public static final class Interval {

        private final double seconds;
        private final Histogram sendToDelivered = new Histogram(CheckResult.MAX_NANOS, 2);
        private long sequenced;

        private Interval(double seconds) {
            this.seconds = seconds;
        }

        /** The begin of the interval, in seconds from the begin of the window. */
        public double seconds() {
            return seconds;
        }

        /** Messages that were due in the interval and were sequenced, at whatever time. */
        public long sequenced() {
            return sequenced;
        }

        /** Nanoseconds from due to delivered, once for each receiver. */
        public Histogram sendToDelivered() {
            return sendToDelivered;
        }
    }

    private final long fromNanos;
    private final long intervalNanos;
    private final List<Interval> intervals = new ArrayList<>();

    Timeline(long fromNanos, long untilNanos) {
        this.fromNanos = fromNanos;
        long second = TimeUnit.SECONDS.toNanos(1);
        long window = Math.max(1, untilNanos - fromNanos);
        long longEnough = Math.ceilDiv(window, MAX_INTERVALS);
        this.intervalNanos = Math.ceilDiv(longEnough, second) * second;
        long count = Math.ceilDiv(window, intervalNanos);
        for (long interval = 0; interval < count; interval++) {
            intervals.add(new Interval((double) (interval * intervalNanos) / second));
        }
    }

    void sequenced(long dueNanos) {
        at(dueNanos).sequenced++;
    }

    /** @param nanos from due to delivered, within the bounds of the histogram */
    void delivered(long dueNanos, long nanos) {
        at(dueNanos).sendToDelivered.recordValue(nanos);
    }

    /** The length of each interval, the last one excepted, which may be shorter. */
    public double intervalSeconds() {
        return (double) intervalNanos / TimeUnit.SECONDS.toNanos(1);
    }

    public List<Interval> intervals() {
        return List.copyOf(intervals);
    }

    private Interval at(long dueNanos) {
        long index = (dueNanos - fromNanos) / intervalNanos;
        return intervals.get((int) Math.clamp(index, 0, intervals.size() - 1));
    }
}
