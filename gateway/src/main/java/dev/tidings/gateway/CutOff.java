package dev.tidings.gateway;

/**
 * Decides when a gateway is cut off from Kafka: it has not been able to beat for some time, as seen several times in a row.
 * Once is not enough, because a process that was paused finds its last beat old before it could beat again. Not thread-safe.
 */
final class CutOff {

    static final int LOOKS = 3;

    private int looks;

    /**
     * @param isKept whether the log has taken up a beat of late
     * @return whether the gateway is cut off
     */
    boolean look(boolean isKept) {
        looks = isKept ? 0 : Math.min(LOOKS, looks + 1);
        return looks == LOOKS;
    }
}
