package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Set;

/**
 * One store of all or some history. Every method may block, and throws {@link ReadModelUnavailableException} if the store does
 * not answer.
 */
interface HistoryLayer {

    /** The newest seq stored; 0: none. */
    long headSeq(String conversationId);

    /**
     * Returns the stored events of a range, ascending, without later changes. Begins at the end of the range that the order
     * names, and stops with the event that reaches {@code maxBytes}.
     */
    List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes);

    /**
     * Returns the stored changes of messages.
     *
     * @param messageSeqs not empty
     */
    KnownChanges changes(String conversationId, Set<Long> messageSeqs);

    /** Returns the place of a time among the stored events. */
    TimePosition position(String conversationId, long millis);

    /** The first seq that the retention has not deleted. Absent events before it are not missing. 1: all are kept. */
    default long firstRetainedSeq(String conversationId) {
        return 1;
    }
}
