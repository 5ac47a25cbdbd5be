package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The changes of messages that a layer knows.
 *
 * @param events edits, recalls, and changes of reactions and pins that are not in {@code marks}, in any order; one message may have
 *     several
 * @param marks the reactions and pins of messages up to toSeq, by the seq of the message
 * @param fromSeq from this event of the conversation on no change of the messages is missing
 * @param toSeq up to this event; less than fromSeq: changes may be missing anywhere
 */
record KnownChanges(List<ConversationEvent> events, Map<Long, MessageMarks> marks, long fromSeq, long toSeq) {

    static final KnownChanges NOTHING = new KnownChanges(List.of(), Long.MAX_VALUE, 0);

    KnownChanges {
        events = List.copyOf(events);
        marks = Map.copyOf(marks);
    }

    KnownChanges(List<ConversationEvent> events, long fromSeq, long toSeq) {
        this(events, Map.of(), fromSeq, toSeq);
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

    /** Returns the marks of a message: those of the full layer with the later changes of both layers. */
    static MessageMarks marks(KnownChanges recent, KnownChanges full, long messageSeq) {
        MessageMarks marks = full.marks.get(messageSeq);
        long afterSeq = marks == null ? 0 : full.toSeq;
        List<ConversationEvent> later = Stream.concat(recent.events.stream(), full.events.stream())
                .distinct()
                .filter(event -> event.getSeq() > afterSeq && markedSeq(event) == messageSeq)
                .sorted(Comparator.comparingLong(ConversationEvent::getSeq))
                .toList();
        MessageMarks newest = marks == null ? MessageMarks.NONE : marks;
        for (ConversationEvent event : later) {
            newest = newest.after(event);
        }
        return newest;
    }

    /** The seq of the message whose reactions or pin the event changes; 0: none. */
    static long markedSeq(ConversationEvent event) {
        return event.hasPinChanged()
                ? event.getPinChanged().getSeq()
                : event.getReactionChanged().getSeq();
    }
}
