package dev.tidings.gateway.api;

import java.util.List;

/**
 * The parts of a conversation that a user may see.
 *
 * @param now since the user last joined; ends where they left
 * @param earlier the spans of earlier memberships, ascending
 */
record VisibleSpans(SeqSpan now, List<SeqSpan> earlier) {

    static VisibleSpans of(SeqSpan now) {
        return new VisibleSpans(now, List.of());
    }

    /** Returns the newest part of a range that lies in one visible span; empty if none of it is visible. */
    SeqSpan newestWithin(SeqSpan wanted) {
        SeqSpan part = wanted.within(now);
        for (SeqSpan span : earlier.reversed()) {
            if (!part.isEmpty()) {
                return part;
            }
            part = wanted.within(span);
        }
        return part;
    }
}
