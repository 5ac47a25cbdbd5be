package dev.tidings.connectors.push;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Stops attempts at a channel that fails, so that they cost neither time nor threads.
 *
 * <pre>
 *          10 failures in a row,
 *          at 3 devices or more               the pause is over
 * closed ───────────────────────▶ open ──────────────────────────▶ half-open: one attempt
 *   ▲                              ▲  └──────────────────────────────────┐         │ │
 *   │                              └── failed: the pause is doubled ─────┴─────────┘ │
 *   └────────────────────────────────────────────── succeeded ──────────────────────┘
 * </pre>
 *
 * A single failing device does not open the circuit. Times are milliseconds since 1970. Not thread-safe.
 */
final class ChannelCircuitBreaker {

    static final int FAILURES_TO_OPEN = 10;
    static final int DEVICES_TO_OPEN = 3;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Set<Device> failingDevices = new HashSet<>();
    private int failures;
    private long pauseMillis;
    private long openUntilMillis;

    boolean isClosed() {
        return pauseMillis == 0;
    }

    /** Returns true if an attempt may begin now, while {@code inFlight} others run. */
    boolean allows(long nowMillis, int inFlight) {
        return isClosed() || nowMillis >= openUntilMillis && inFlight == 0;
    }

    /** The end of the pause; in the past where the circuit is closed or half-open. */
    long openUntilMillis() {
        return openUntilMillis;
    }

    void succeeded() {
        failures = 0;
        failingDevices.clear();
        pauseMillis = 0;
    }

    void failed(Device device, long nowMillis) {
        failures++;
        if (failingDevices.size() < DEVICES_TO_OPEN) {
            failingDevices.add(device);
        }
        if (isClosed()) {
            if (failures >= FAILURES_TO_OPEN && failingDevices.size() >= DEVICES_TO_OPEN) {
                open(FIRST_PAUSE.toMillis(), nowMillis);
            }
        } else if (nowMillis >= openUntilMillis) {
            open(Math.min(LONGEST_PAUSE.toMillis(), pauseMillis * 2), nowMillis);
        }
    }

    private void open(long pauseMillis, long nowMillis) {
        this.pauseMillis = pauseMillis;
        this.openUntilMillis = nowMillis + pauseMillis;
    }
}
