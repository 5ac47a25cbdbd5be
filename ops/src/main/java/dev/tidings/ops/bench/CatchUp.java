package dev.tidings.ops.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a session pulls from history: after a connection was lost, and at the end where live delivery left
 * something out. It goes on until nothing is missing, and for a while after, as history follows the live events by a
 * second or so. Not thread-safe.
 */
final class CatchUp {

    private static final long AT_LEAST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Ledger ledger;
    private final int user;
    private boolean active;
    private boolean headAsked;
    private long notBeforeNanos;
    private long notEndedBeforeNanos;

    CatchUp(Ledger ledger, int user) {
        this.ledger = ledger;
        this.user = user;
    }

    void begin(long nowNanos) {
        active = true;
        headAsked = false;
        notBeforeNanos = nowNanos;
        notEndedBeforeNanos = nowNanos + AT_LEAST_NANOS;
    }

    boolean isActive() {
        return active;
    }

    /** What to pull now; null: nothing at the moment. */
    @Nullable
    SeqRange next(long nowNanos) {
        if (!active || nowNanos - notBeforeNanos < 0) {
            return null;
        }
        SeqRange range = ledger.missing(user);
        if (range == null && headAsked) {
            active = nowNanos - notEndedBeforeNanos < 0;
            return null;
        }
        headAsked = true;
        notBeforeNanos = nowNanos + ANSWER_TIMEOUT_NANOS;
        return range == null ? new SeqRange(ledger.contiguous(user) + 1, 0) : range;
    }

    /** @param news whether the answer held an event that was not known */
    void answered(boolean news, long nowNanos) {
        notBeforeNanos = news ? nowNanos : nowNanos + PAUSE_NANOS;
    }
}
