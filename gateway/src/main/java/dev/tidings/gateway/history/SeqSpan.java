package dev.tidings.gateway.history;

/**
 * A range of a conversation, both ends included.
 *
 * @param to {@link Long#MAX_VALUE}: no end
 */
public record SeqSpan(long from, long to) {

    public static final SeqSpan ALL = new SeqSpan(1, Long.MAX_VALUE);
    public static final SeqSpan NOTHING = new SeqSpan(1, 0);

    public boolean isEmpty() {
        return to < from;
    }

    public boolean contains(long seq) {
        return from <= seq && seq <= to;
    }

    public SeqSpan within(SeqSpan other) {
        return new SeqSpan(Math.max(from, other.from), Math.min(to, other.to));
    }
}
