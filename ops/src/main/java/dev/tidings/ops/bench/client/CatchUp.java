package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SeqRange;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which ranges of history a client pulls after a reconnect, or at the end of a run when live delivery left events out.
 * Ends when nothing is missing, but not within the first 3 s: history follows live events by up to a second. Not thread-safe:
 * guarded by its client.
 */
final class CatchUp {

    private static final long MIN_DURATION_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Ledger ledger;
    private final int device;
    private boolean active;
    private boolean headRequested;
    private long nextPullNanos;
    private long earliestEndNanos;

    CatchUp(Ledger ledger, int device) {
        this.ledger = ledger;
        this.device = device;
    }

    void begin(long nowNanos) {
        active = true;
        headRequested = false;
        nextPullNanos = nowNanos;
        earliestEndNanos = nowNanos + MIN_DURATION_NANOS;
    }

    boolean isActive() {
        return active;
    }

    /** Returns the range to pull now, or null to pull nothing now. The first pull of a catch-up also finds the newest seq. */
    @Nullable
    SeqRange next(long nowNanos) {
        if (!active || nowNanos - nextPullNanos < 0) {
            return null;
        }
        SeqRange range = ledger.missing(device);
        if (range == null && headRequested) {
            active = nowNanos - earliestEndNanos < 0;
            return null;
        }
        headRequested = true;
        nextPullNanos = nowNanos + ANSWER_TIMEOUT_NANOS;
        return range == null ? new SeqRange(ledger.contiguousSeq(device) + 1, 0) : range;
    }

    /** @param hasNewEvents whether the answer held an event that the device did not know */
    void answered(boolean hasNewEvents, long nowNanos) {
        nextPullNanos = hasNewEvents ? nowNanos : nowNanos + PAUSE_NANOS;
    }
}
