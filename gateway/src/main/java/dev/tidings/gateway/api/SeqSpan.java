package dev.tidings.gateway.api;

/**
 * A range of a conversation, both ends included.
 *
 * @param to {@link Long#MAX_VALUE}: no end
 */
record SeqSpan(long from, long to) {

    static final SeqSpan ALL = new SeqSpan(1, Long.MAX_VALUE);
    static final SeqSpan NOTHING = new SeqSpan(1, 0);

    boolean isEmpty() {
        return to < from;
    }

    SeqSpan within(SeqSpan other) {
        return new SeqSpan(Math.max(from, other.from), Math.min(to, other.to));
    }
}
