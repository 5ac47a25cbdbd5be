package dev.tidings.gateway.history;

/** What happened in conversations. History follows what is live by the time of a commit and a batch. */
public interface History {

    /**
     * The events from one seq to another, both included; the newest of them where there are more than the limit. Messages
     * say what they say now ({@code MessageState}); of those that were recalled, neither they nor their edits say anything.
     * May block.
     *
     * @throws RuntimeException where history cannot be read now
     */
    HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit);
}
