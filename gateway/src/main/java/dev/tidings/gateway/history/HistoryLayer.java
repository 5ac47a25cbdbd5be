package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Set;

/** One place where history is kept, or some of it. May block. */
interface HistoryLayer {

    /** The newest seq kept; 0: none. */
    long headSeq(String conversationId);

    /** What is kept from one seq to another, both included, ascending; as it happened. */
    List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq);

    /**
     * How messages were changed, whenever that was.
     *
     * @param sinceSeq {@link KnownChanges#all} is said of the changes after this event
     * @param messageSeqs the messages; not empty
     */
    KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs);
}
