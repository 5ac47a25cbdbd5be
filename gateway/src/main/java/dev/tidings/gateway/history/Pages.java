package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.Map;
import java.util.TreeMap;

/** Finds out which part of a page is there, and how much of it fits a reply. */
final class Pages {

    private Pages() {}

    /** Returns the events that fit in a number of bytes, at least one; those that come last in the order are left out. */
    static TreeMap<Long, ConversationEvent> thatFit(
            TreeMap<Long, ConversationEvent> events, ReadOrder order, long maxBytes) {
        TreeMap<Long, ConversationEvent> fit = new TreeMap<>();
        long bytes = 0;
        boolean newestFirst = order == ReadOrder.NEWEST_FIRST;
        for (ConversationEvent event : (newestFirst ? events.descendingMap() : events).values()) {
            bytes += event.getSerializedSize();
            if (bytes > maxBytes && !fit.isEmpty()) {
                break;
            }
            fit.put(event.getSeq(), event);
        }
        return fit;
    }

    /** Returns the part of a page without gaps that begins with the page in this order; empty if its first event is missing. */
    static SeqSpan covered(Map<Long, ConversationEvent> events, SeqSpan page, ReadOrder order) {
        if (order == ReadOrder.NEWEST_FIRST) {
            long seq = page.to();
            while (seq >= page.from() && events.containsKey(seq)) {
                seq--;
            }
            return new SeqSpan(seq + 1, page.to());
        }
        long seq = page.from();
        while (seq <= page.to() && events.containsKey(seq)) {
            seq++;
        }
        return new SeqSpan(page.from(), seq - 1);
    }

    static long bytes(Map<Long, ConversationEvent> events) {
        return events.values().stream()
                .mapToLong(ConversationEvent::getSerializedSize)
                .sum();
    }
}
