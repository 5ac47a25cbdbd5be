package dev.tidings.gateway.history;

/** Reads the events of conversations. History lags behind live events by a commit and a batch. */
public interface History {

    /**
     * Reads the events from one seq to another, both included. If there are more than the limit or one page allows, it
     * reads the newest, and the range says where it begins. Messages come as they stand now ({@code MessageState}): recalled
     * and expired ones have no content. A message whose newest changes are not known is left out. May block.
     *
     * @param toSeq {@link Long#MAX_VALUE}: up to the newest
     * @param limit the most events to read
     * @throws RuntimeException if history cannot be read now
     */
    HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit);
}
