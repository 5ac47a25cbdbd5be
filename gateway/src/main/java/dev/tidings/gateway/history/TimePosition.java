package dev.tidings.gateway.history;

/**
 * The place of a time among the events of a conversation, as far as a layer stores them.
 *
 * @param lastBefore the greatest stored seq that was sent before the time; 0: none
 * @param firstAt the least stored seq that was sent at or after the time; {@link Long#MAX_VALUE}: none
 */
record TimePosition(long lastBefore, long firstAt) {

    static final TimePosition UNKNOWN = new TimePosition(0, Long.MAX_VALUE);

    /** Returns the place among the events that two layers store. */
    TimePosition and(TimePosition other) {
        return new TimePosition(Math.max(lastBefore, other.lastBefore), Math.min(firstAt, other.firstAt));
    }

    /** Whether no event lies between both sides, so that no other layer can narrow the place. */
    boolean isExact() {
        return firstAt == lastBefore + 1;
    }

    /** Returns the first seq that may have been sent at or after the time. */
    long firstPossibleAt() {
        return Math.min(firstAt, lastBefore + 1);
    }

    /** Returns the last seq that may have been sent before the time; {@link Long#MAX_VALUE}: the newest one. */
    long lastPossibleBefore() {
        return firstAt == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(lastBefore, firstAt - 1);
    }
}
