package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Set;

/**
 * One store of history, or of some of it. Every method may block, and throws {@link HistoryUnavailableException} where the
 * store does not answer.
 */
interface HistoryLayer {

    /** The newest seq kept; 0: none. */
    long headSeq(String conversationId);

    /**
     * What is kept from one seq to another, both included, ascending, as it happened. Reads from the end of the range and
     * stops with the event by which {@code maxBytes} are reached.
     */
    List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq, long maxBytes);

    /**
     * How messages were changed, whenever that was.
     *
     * @param messageSeqs the messages; not empty
     */
    KnownChanges changes(String conversationId, Set<Long> messageSeqs);
}
