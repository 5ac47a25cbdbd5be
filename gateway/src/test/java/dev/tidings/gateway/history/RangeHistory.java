package dev.tidings.gateway.history;

/** A history for tests of frames: one function reads ranges. The event with seq n is sent at n milliseconds. */
public record RangeHistory(RangeReader reader) implements History {

    /** Reads the newest events of a range. */
    public interface RangeReader {
        HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit);
    }

    @Override
    public HistoryRange read(HistoryQuery query) {
        boolean isCut = query.order() == ReadOrder.OLDEST_FIRST && query.toSeq() - query.fromSeq() >= query.limit();
        long to = isCut ? query.fromSeq() + query.limit() - 1 : query.toSeq();
        HistoryRange range = reader.read(query.conversationId(), query.fromSeq(), to, query.limit());
        boolean complete = range.complete() && !(isCut && range.headSeq() > to);
        return new HistoryRange(range.events(), range.fromSeq(), range.toSeq(), complete, range.headSeq());
    }

    @Override
    public HistoryRange around(String conversationId, long seq, SeqSpan range, int limit) {
        long from = Math.max(range.from(), seq - limit / 2);
        return reader.read(conversationId, from, Math.min(range.to(), from + limit - 1), limit);
    }

    @Override
    public SeqSpan between(String conversationId, long fromMillis, long untilMillis) {
        return new SeqSpan(Math.max(1, fromMillis), untilMillis == Long.MAX_VALUE ? Long.MAX_VALUE : untilMillis - 1);
    }
}
