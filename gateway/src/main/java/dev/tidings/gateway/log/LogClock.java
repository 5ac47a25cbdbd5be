package dev.tidings.gateway.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time of the log: the broker's clock, as this gateway measures it. Each heartbeat that is appended returns the time of
 * its append; between two heartbeats a monotonic clock advances it. The wall clock of the machine is not used, so all gateways
 * decide alike whether a message has expired or a token is still valid.
 *
 * <p>It is never ahead of the log, and behind by at most the time that a heartbeat took. Thread-safe.
 */
public final class LogClock {

    private record Measured(long logMillis, long atNanos) {}

    private final LongSupplier nanoTime;
    private volatile Measured newest;

    /** Returns the time of this machine until the first measurement. */
    public LogClock() {
        this(System::currentTimeMillis, System::nanoTime);
    }

    LogClock(LongSupplier machineMillis, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.newest = new Measured(machineMillis.getAsLong(), nanoTime.getAsLong());
    }

    /** A record was appended at this time by the log, and has just been confirmed. */
    void appended(long logMillis) {
        newest = new Measured(logMillis, nanoTime.getAsLong());
    }

    public long millis() {
        Measured measured = newest;
        return measured.logMillis()
                + Duration.ofNanos(nanoTime.getAsLong() - measured.atNanos()).toMillis();
    }
}
