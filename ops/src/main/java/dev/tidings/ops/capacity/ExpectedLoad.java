package dev.tidings.ops.capacity;

/**
 * The load that a system must carry.
 *
 * @param onlineUsers users with a connection at the same time
 * @param messagesPerUserPerDay messages that each of them sends
 * @param peakFactor messages in the busiest second, as a multiple of the average
 * @param textBytes average size of a message's text
 * @param historyDays days for which commands, events and history are kept
 * @param replicationFactor copies of each partition
 */
public record ExpectedLoad(
        long onlineUsers,
        double messagesPerUserPerDay,
        double peakFactor,
        int textBytes,
        int historyDays,
        int replicationFactor) {

    private static final double SECONDS_PER_DAY = 86_400;

    /** @throws IllegalArgumentException if a value is not positive */
    public ExpectedLoad {
        if (onlineUsers <= 0
                || messagesPerUserPerDay <= 0
                || peakFactor < 1
                || textBytes <= 0
                || historyDays <= 0
                || replicationFactor <= 0) {
            throw new IllegalArgumentException("all values must be positive, and the peak factor at least 1");
        }
    }

    double messagesPerDay() {
        return onlineUsers * messagesPerUserPerDay;
    }

    double peakMessagesPerSecond() {
        return messagesPerDay() / SECONDS_PER_DAY * peakFactor;
    }
}
