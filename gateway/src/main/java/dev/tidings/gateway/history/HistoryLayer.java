package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;

/** One place where history is kept, or some of it. May block. */
interface HistoryLayer {

    /** The newest seq kept; 0: none. */
    long headSeq(String conversationId);

    /** What is kept from one seq to another, both included, ascending. */
    List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq);
}
