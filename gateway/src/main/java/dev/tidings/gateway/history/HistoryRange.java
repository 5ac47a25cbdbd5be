package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;

/**
 * Part of a conversation's history.
 *
 * @param events ascending by seq
 * @param fromSeq from here to toSeq no event is missing; greater than toSeq where there is no such part
 * @param toSeq the end of what was asked for, or the newest seq that history holds if that is less
 * @param complete whether no event is missing from the beginning of what was asked for to toSeq
 * @param headSeq the newest seq that history is known to hold; 0 where it holds nothing
 */
public record HistoryRange(List<ConversationEvent> events, long fromSeq, long toSeq, boolean complete, long headSeq) {

    public HistoryRange {
        events = List.copyOf(events);
    }
}
