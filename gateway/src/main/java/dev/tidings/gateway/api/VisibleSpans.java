package dev.tidings.gateway.api;

import dev.tidings.gateway.history.ReadOrder;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parts of a conversation that a user may see.
 *
 * @param now since the user last joined; ends where they left
 * @param earlier the spans of earlier memberships, ascending
 * @param deleted the events that the user has deleted for themselves, ascending, with gaps between them
 */
record VisibleSpans(SeqSpan now, List<SeqSpan> earlier, List<SeqSpan> deleted) {

    static final VisibleSpans NOTHING = new VisibleSpans(SeqSpan.NOTHING, List.of(), List.of());

    /** All events but the deleted ones. */
    static VisibleSpans allBut(List<SeqSpan> deleted) {
        return new VisibleSpans(SeqSpan.ALL, List.of(), deleted);
    }

    boolean isEmpty() {
        return now.isEmpty() && earlier.isEmpty();
    }

    /** Returns the newest part of a range that lies in one visible span; empty if none of it is visible. */
    SeqSpan newestWithin(SeqSpan wanted) {
        return firstWithin(wanted, ReadOrder.NEWEST_FIRST);
    }

    /** Returns the first part of a range, in this order, that lies in one visible span; empty if none of it is visible. */
    SeqSpan firstWithin(SeqSpan wanted, ReadOrder order) {
        List<SeqSpan> spans = order == ReadOrder.OLDEST_FIRST ? spans() : spans().reversed();
        return spans.stream()
                .map(wanted::within)
                .filter(part -> !part.isEmpty())
                .findFirst()
                .orElse(SeqSpan.NOTHING);
    }

    /** All spans, ascending. */
    List<SeqSpan> spans() {
        return Stream.concat(earlier.stream(), Stream.of(now)).toList();
    }

    /** Returns the first seq from one on that the user has not deleted. */
    long firstKeptFrom(long seq) {
        return deleted.stream()
                .filter(range -> range.contains(seq))
                .findFirst()
                .map(range -> range.to() + 1)
                .orElse(seq);
    }

    /** Whether the user has deleted the event, or the message whose content it shows. */
    boolean isDeleted(ConversationEvent event) {
        long messageSeq = event.hasMessageEdited() ? event.getMessageEdited().getSeq() : event.getSeq();
        return isDeleted(event.getSeq()) || isDeleted(messageSeq);
    }

    boolean isDeleted(long seq) {
        return deleted.stream().anyMatch(range -> range.contains(seq));
    }
}
