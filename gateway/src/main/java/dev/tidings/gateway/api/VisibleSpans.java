package dev.tidings.gateway.api;

import java.util.List;

/**
 * What a user may see of a conversation.
 *
 * @param now since the user last joined; ends where they have left
 * @param earlier what they could see in earlier memberships, ascending
 */
record VisibleSpans(SeqSpan now, List<SeqSpan> earlier) {

    static VisibleSpans of(SeqSpan now) {
        return new VisibleSpans(now, List.of());
    }

    /** The newest part of what is wanted that lies in one span; an empty one where none of it may be seen. */
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
