package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import java.util.List;

/**
 * The result of one read of history.
 *
 * @param events ascending by seq
 * @param fromSeq from here to toSeq no event is missing; greater than toSeq if there is no such part
 * @param toSeq newest first: the end of the requested range, or the newest seq that history holds if that is less; otherwise
 *     the end of the part without gaps
 * @param complete whether no event of the requested range is missing beyond this part: newest first before it, oldest first
 *     after it, around a seq on both sides
 * @param headSeq the newest seq that history is known to hold; 0 if it holds nothing
 */
public record HistoryRange(List<ConversationEvent> events, long fromSeq, long toSeq, boolean complete, long headSeq) {

    public HistoryRange {
        events = List.copyOf(events);
    }

    /** Returns the reply to a read of this range. */
    public Events toReply(String conversationId) {
        return Events.newBuilder()
                .setConversationId(conversationId)
                .addAllEvents(events)
                .setComplete(complete)
                .setHeadSeq(headSeq)
                .setFromSeq(fromSeq)
                .setToSeq(toSeq)
                .build();
    }
}
