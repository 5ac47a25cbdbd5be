package dev.tidings.gateway;

/**
 * Decides whether the gateway is cut off from Kafka: its heartbeats have failed for some time, in three checks in a row. One
 * check is not enough, because a paused process finds its last heartbeat old before it can write the next one. Not
 * thread-safe.
 */
final class IsolationDetector {

    static final int CHECKS = 3;

    private int failedChecks;

    /**
     * @param isKept whether a recent heartbeat was written
     * @return whether the gateway is cut off
     */
    boolean check(boolean isKept) {
        failedChecks = isKept ? 0 : Math.min(CHECKS, failedChecks + 1);
        return failedChecks == CHECKS;
    }
}
