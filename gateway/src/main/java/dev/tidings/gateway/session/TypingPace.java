package dev.tidings.gateway.session;

import java.time.Duration;

/**
 * How often the log hears that the user of one session is typing: once in 3 s for each conversation. Clients say it
 * with every key if they like. Not thread-safe; knows no clock: the time comes in.
 */
final class TypingPace {

    static final Duration INTERVAL = Duration.ofSeconds(3);

    private final Remembered<Long> toldAtNanos = new Remembered<>();

    /** @return whether the log is to hear of it */
    boolean isNews(String conversationId, long nowNanos) {
        Long before = toldAtNanos.get(conversationId);
        if (before != null && nowNanos - before < INTERVAL.toNanos()) {
            return false;
        }
        toldAtNanos.put(conversationId, nowNanos);
        return true;
    }

    /** The log did not hear of it after all. */
    void forget(String conversationId) {
        toldAtNanos.remove(conversationId);
    }
}
