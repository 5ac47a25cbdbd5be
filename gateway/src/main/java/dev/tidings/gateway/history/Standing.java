package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a range stand: changed, recalled, expired, or not known.
 *
 * @param newest the newest change of each message that was changed, by the message's seq
 * @param recent what the recent layer knows of changes
 * @param full what the full layer knows of changes
 * @param head the newest event of the conversation
 * @param nowMillis the time of the log
 */
record Standing(
        Map<Long, ConversationEvent> newest, KnownChanges recent, KnownChanges full, long head, long nowMillis) {

    /** The messages that the event shows or quotes and of which changes may be missing. */
    void unsureSeqs(ConversationEvent event, Consumer<Long> seqs) {
        long shownSeq = MessageStates.shownSeq(event);
        if (shownSeq > 0 && !isSure(shownSeq, event.getSeq())) {
            seqs.accept(shownSeq);
        }
        long quotedSeq = MessageStates.quotedSeq(event);
        if (quotedSeq > 0 && !isSure(quotedSeq, quotedSeq)) {
            seqs.accept(quotedSeq);
        }
    }

    /** The event as it is to be shown; null where that is not known. */
    @Nullable
    ConversationEvent of(ConversationEvent event) {
        long shownSeq = MessageStates.shownSeq(event);
        if (shownSeq == 0) {
            return event;
        }
        if (!isSure(shownSeq, event.getSeq())) {
            return null;
        }
        ConversationEvent change = newest.get(shownSeq);
        ConversationEvent shown = change == null ? event : MessageStates.applied(event, change);
        return withoutLostQuote(MessageStates.isExpired(shown, nowMillis) ? MessageStates.expired(shown) : shown);
    }

    /** A quote goes with the words that it quotes, and where it is not known whether they are still there. */
    private ConversationEvent withoutLostQuote(ConversationEvent event) {
        long quotedSeq = MessageStates.quotedSeq(event);
        if (quotedSeq == 0) {
            return event;
        }
        ConversationEvent change = newest.get(quotedSeq);
        boolean isLost = (change != null && change.hasMessageRecalled())
                || MessageStates.isQuoteExpired(event, nowMillis)
                || !isSure(quotedSeq, quotedSeq);
        return isLost ? MessageStates.withoutQuote(event) : event;
    }

    /** A recall is final. Otherwise every change of the message after this event has to be known. */
    private boolean isSure(long messageSeq, long afterSeq) {
        ConversationEvent change = newest.get(messageSeq);
        return (change != null && change.hasMessageRecalled()) || KnownChanges.cover(recent, full, afterSeq + 1, head);
    }
}
