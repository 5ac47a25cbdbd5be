package dev.tidings.gateway.history;

/**
 * A read of one page of a conversation.
 *
 * @param fromSeq the first seq of the range, at least 1
 * @param toSeq the last seq of the range; {@link Long#MAX_VALUE}: the newest
 * @param limit the most events to read, at least 1
 * @param order the end of the range that the page begins with
 */
public record HistoryQuery(String conversationId, long fromSeq, long toSeq, int limit, ReadOrder order) {

    public static HistoryQuery newest(String conversationId, SeqSpan range, int limit) {
        return new HistoryQuery(conversationId, range.from(), range.to(), limit, ReadOrder.NEWEST_FIRST);
    }

    public static HistoryQuery oldest(String conversationId, SeqSpan range, int limit) {
        return new HistoryQuery(conversationId, range.from(), range.to(), limit, ReadOrder.OLDEST_FIRST);
    }
}
