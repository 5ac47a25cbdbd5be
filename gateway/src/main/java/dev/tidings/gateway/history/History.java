package dev.tidings.gateway.history;

/** What happened in conversations. History follows what is live by the time of a commit and a batch. */
public interface History {

    /**
     * Reads the events from one seq to another, both included. Where there are more than one answer takes, it reads the
     * newest of them, and the range says where it begins. Messages come as they stand now ({@code MessageState}): what was
     * recalled or has expired has no content. A message whose newest changes are not known is left out. May block.
     *
     * @param toSeq {@link Long#MAX_VALUE}: up to the newest
     * @param limit the most events to read
     * @throws RuntimeException where history cannot be read now
     */
    HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit);
}
