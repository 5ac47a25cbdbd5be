package dev.tidings.gateway.history;

/**
 * Reads the events of conversations. History lags behind live events by a commit and a batch. Messages come as they stand now
 * ({@code MessageState}): recalled and expired ones have no content. A message whose newest changes are not known is left out.
 *
 * <p>Every method may block, and throws a {@link RuntimeException} if history cannot be read now. Thread-safe.
 */
public interface History {

    /**
     * Reads one page: the newest or the oldest events of a range. If there are more than the limit or one reply allows, the
     * range says where the page ends.
     */
    HistoryRange read(HistoryQuery query);

    /** Reads the newest events from one seq to another, both included; {@link Long#MAX_VALUE}: up to the newest. */
    default HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit) {
        return read(HistoryQuery.newest(conversationId, new SeqSpan(fromSeq, toSeq), limit));
    }

    /**
     * Reads the event with a seq and the events on both sides of it.
     *
     * @param range contains the seq
     * @param limit of all events, half of them before the seq
     */
    HistoryRange around(String conversationId, long seq, SeqSpan range, int limit);

    /**
     * Returns the range of the events that were sent at or after one time and before another one. If history does not hold the
     * events at an end of the span, the range also has the seqs that may belong to it.
     *
     * @param fromMillis 0: from the first event on
     * @param untilMillis exclusive; {@link Long#MAX_VALUE}: up to the newest event
     */
    SeqSpan between(String conversationId, long fromMillis, long untilMillis);
}
