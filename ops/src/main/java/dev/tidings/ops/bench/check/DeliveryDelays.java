package dev.tidings.ops.bench.check;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The longest delay of a delivery by the time at which its message was due, in steps of 100 ms. */
public final class DeliveryDelays {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A day; the last step takes all later messages. */
    private static final int MAX_STEPS = 864_000;

    private final long originNanos;
    private long[] longest = new long[1_024];

    /** @param originNanos earlier messages count as due then */
    DeliveryDelays(long originNanos) {
        this.originNanos = originNanos;
    }

    void delivered(long dueNanos, long delayNanos) {
        int step = step(dueNanos);
        if (step >= longest.length) {
            longest = Arrays.copyOf(longest, Math.min(MAX_STEPS, Math.max(step + 1, 2 * longest.length)));
        }
        longest[step] = Math.max(longest[step], delayNanos);
    }

    /** Returns the longest delay of messages that were due in this time; 0 if none was delivered. */
    public long longestNanos(long fromNanos, long untilNanos) {
        long result = 0;
        for (int step = step(fromNanos); step < end(untilNanos); step++) {
            result = Math.max(result, longest[step]);
        }
        return result;
    }

    /** Returns how long after the begin of this time the last message was due that took longer than the bound; 0 if none did. */
    public long nanosUntilBelow(long boundNanos, long fromNanos, long untilNanos) {
        for (int step = end(untilNanos) - 1; step >= step(fromNanos); step--) {
            if (longest[step] > boundNanos) {
                return Math.max(0, originNanos + (step + 1) * STEP_NANOS - fromNanos);
            }
        }
        return 0;
    }

    private int step(long nanoTime) {
        return (int) Math.clamp((nanoTime - originNanos) / STEP_NANOS, 0, MAX_STEPS - 1);
    }

    /** The first step that is not before this time; {@link Long#MAX_VALUE}: the end of all. */
    private int end(long untilNanos) {
        return untilNanos == Long.MAX_VALUE ? longest.length : Math.min(longest.length, step(untilNanos));
    }
}
