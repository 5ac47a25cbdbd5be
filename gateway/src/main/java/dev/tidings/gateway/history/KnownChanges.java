package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;

/**
 * The changes of messages that a layer knows.
 *
 * @param events edits and recalls, in any order; one message may have several
 * @param fromSeq from this event of the conversation on no change of the messages is missing
 * @param toSeq up to this event; less than fromSeq: changes may be missing anywhere
 */
record KnownChanges(List<ConversationEvent> events, long fromSeq, long toSeq) {

    static final KnownChanges NOTHING = new KnownChanges(List.of(), Long.MAX_VALUE, 0);

    KnownChanges {
        events = List.copyOf(events);
    }

    /** Whether the two layers together know every change from one event to another, both included. */
    static boolean cover(KnownChanges recent, KnownChanges full, long fromSeq, long toSeq) {
        return fromSeq > toSeq
                || recent.reach(fromSeq, toSeq)
                || full.reach(fromSeq, toSeq)
                || (full.reach(fromSeq, recent.fromSeq() - 1) && recent.reach(recent.fromSeq(), toSeq));
    }

    private boolean reach(long from, long to) {
        return fromSeq <= from && toSeq >= to;
    }
}
