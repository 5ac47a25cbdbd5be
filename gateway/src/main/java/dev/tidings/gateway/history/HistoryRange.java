package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;

/**
 * Part of a conversation's history.
 *
 * @param events ascending by seq
 * @param complete whether every event asked for is among them, as far as history goes
 * @param headSeq the newest seq that history holds; 0 where it holds nothing
 */
public record HistoryRange(List<ConversationEvent> events, boolean complete, long headSeq) {

    public HistoryRange {
        events = List.copyOf(events);
    }
}
