package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the events of a range as their messages stand now: edited, recalled, expired, or not at all where that is not known.
 *
 * @param newest the newest change of each changed message, by the seq of the message
 * @param recent the changes that the recent layer knows
 * @param full the changes that the full layer knows
 * @param head the seq of the newest event of the conversation
 * @param nowMillis the time of the log
 */
record MessageResolver(
        Map<Long, ConversationEvent> newest, KnownChanges recent, KnownChanges full, long head, long nowMillis) {

    /** Passes on the messages that the event shows or quotes and of which changes may be missing. */
    void uncertainSeqs(ConversationEvent event, Consumer<Long> seqs) {
        long shownSeq = MessageStates.shownSeq(event);
        if (shownSeq > 0 && !isCertain(shownSeq, event.getSeq())) {
            seqs.accept(shownSeq);
        }
        long quotedSeq = MessageStates.quotedSeq(event);
        if (quotedSeq > 0 && !isCertain(quotedSeq, quotedSeq)) {
            seqs.accept(quotedSeq);
        }
    }

    /** Returns the event as it is to be shown; null if the state of its message is not known. */
    @Nullable
    ConversationEvent resolve(ConversationEvent event) {
        long shownSeq = MessageStates.shownSeq(event);
        if (shownSeq == 0) {
            return event;
        }
        if (!isCertain(shownSeq, event.getSeq())) {
            return null;
        }
        ConversationEvent change = newest.get(shownSeq);
        ConversationEvent shown = change == null ? event : MessageStates.applied(event, change);
        if (MessageStates.isExpired(shown, nowMillis)) {
            return resolveQuote(MessageStates.expired(shown));
        }
        boolean isMarked = shown.hasMessageSent() && (change == null || !change.hasMessageRecalled());
        return resolveQuote(
                isMarked ? KnownChanges.marks(recent, full, shownSeq).on(shown) : shown);
    }

    /** Removes a quote whose message is recalled or expired, or whose state is not known. */
    private ConversationEvent resolveQuote(ConversationEvent event) {
        long quotedSeq = MessageStates.quotedSeq(event);
        if (quotedSeq == 0) {
            return event;
        }
        ConversationEvent change = newest.get(quotedSeq);
        boolean isRemoved = (change != null && change.hasMessageRecalled())
                || MessageStates.isQuoteExpired(event, nowMillis)
                || !isCertain(quotedSeq, quotedSeq);
        return isRemoved ? MessageStates.withoutQuote(event) : event;
    }

    /** A recall is final. Otherwise every change of the message after this event must be known. */
    private boolean isCertain(long messageSeq, long afterSeq) {
        ConversationEvent change = newest.get(messageSeq);
        return (change != null && change.hasMessageRecalled()) || KnownChanges.cover(recent, full, afterSeq + 1, head);
    }
}
