package dev.tidings.gateway.session;

import java.time.Duration;

/**
 * Limits the typing commands of one session to one in 3 s for each conversation; clients may send one with every key. Not
 * thread-safe.
 */
final class TypingRateLimit {

    static final Duration INTERVAL = Duration.ofSeconds(3);

    private final RecentConversations<Long> appendedAtNanos = new RecentConversations<>();

    /** Returns whether a typing command is to be appended, and counts it as appended. */
    boolean tryAcquire(String conversationId, long nowNanos) {
        Long before = appendedAtNanos.get(conversationId);
        if (before != null && nowNanos - before < INTERVAL.toNanos()) {
            return false;
        }
        appendedAtNanos.put(conversationId, nowNanos);
        return true;
    }

    /** The append failed: the next one is allowed at once. */
    void release(String conversationId) {
        appendedAtNanos.remove(conversationId);
    }
}
