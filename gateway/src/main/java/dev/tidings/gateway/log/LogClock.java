package dev.tidings.gateway.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time of the log: the broker's clock, as this gateway measures it. Each beat that the log has taken up tells the time of
 * its append; between two beats a clock that never goes back counts on. The clock of this machine has no say, so decisions
 * that compare with times in the log (has a message expired, is a token still valid) are the same on every gateway.
 *
 * <p>It is never ahead of the log, and behind by no more than the answer to a beat took. Thread-safe.
 */
public final class LogClock {

    private record Measured(long logMillis, long atNanos) {}

    private final LongSupplier nanoTime;
    private volatile Measured newest;

    /** Before the first measurement it tells the time of this machine. */
    public LogClock() {
        this(System::currentTimeMillis, System::nanoTime);
    }

    LogClock(LongSupplier machineMillis, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.newest = new Measured(machineMillis.getAsLong(), nanoTime.getAsLong());
    }

    /** A record was appended to the log at this time, and is known here now. */
    void appended(long logMillis) {
        newest = new Measured(logMillis, nanoTime.getAsLong());
    }

    public long millis() {
        Measured measured = newest;
        return measured.logMillis()
                + Duration.ofNanos(nanoTime.getAsLong() - measured.atNanos()).toMillis();
    }
}
