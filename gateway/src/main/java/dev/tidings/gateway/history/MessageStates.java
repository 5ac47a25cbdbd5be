package dev.tidings.gateway.history;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessageState;

/**
 * Applies changes of messages to the events that show them. Edits carry content, too: those of a recalled message are shown
 * without it.
 */
final class MessageStates {

    private MessageStates() {}

    /** The seq of the message whose content the event shows; 0: none. */
    static long shownSeq(ConversationEvent event) {
        if (event.hasMessageSent()) {
            return event.getSeq();
        }
        return event.hasMessageEdited() ? event.getMessageEdited().getSeq() : 0;
    }

    /** The seq of the message that the event quotes; 0: none. */
    static long quotedSeq(ConversationEvent event) {
        return event.getMessageSent().getReplyTo().getQuote().isEmpty()
                ? 0
                : event.getMessageSent().getReplyTo().getSeq();
    }

    /** Whether the message that the event shows has expired. */
    static boolean isExpired(ConversationEvent event, long nowMillis) {
        return event.hasMessageEdited()
                ? hasPassed(event.getMessageEdited().getExpiresAt(), nowMillis)
                : hasPassed(event.getMessageSent().getExpiresAt(), nowMillis);
    }

    /** Whether the message that the event quotes has expired. */
    static boolean isQuoteExpired(ConversationEvent event, long nowMillis) {
        return hasPassed(event.getMessageSent().getReplyTo().getExpiresAt(), nowMillis);
    }

    /** An unset time has not passed. */
    private static boolean hasPassed(Timestamp time, long nowMillis) {
        return !time.equals(Timestamp.getDefaultInstance())
                && Timestamps.isValid(time)
                && Timestamps.toMillis(time) <= nowMillis;
    }

    /** Returns the message with its place and sender but without content; an edit without its content. */
    static ConversationEvent expired(ConversationEvent event) {
        if (!event.hasMessageSent()) {
            return editWithoutContent(event);
        }
        ConversationEvent.Builder shown = event.toBuilder();
        MessageSent.Builder message = withoutContent(shown.getMessageSentBuilder());
        message.setState(message.getState().toBuilder().setExpired(true));
        return shown.build();
    }

    private static ConversationEvent editWithoutContent(ConversationEvent event) {
        ConversationEvent.Builder shown = event.toBuilder();
        shown.getMessageEditedBuilder().clearContent().clearMentions();
        return shown.build();
    }

    static ConversationEvent withoutQuote(ConversationEvent event) {
        ConversationEvent.Builder shown = event.toBuilder();
        shown.getMessageSentBuilder().getReplyToBuilder().clearQuote();
        return shown.build();
    }

    /** The seq of the message that the event edits or recalls; 0: none. */
    static long changedSeq(ConversationEvent event) {
        return EventFacts.of(event).changedSeq().orElse(0);
    }

    /** Returns which of two changes of one message applies: a recall, otherwise the later one. */
    static ConversationEvent newer(ConversationEvent one, ConversationEvent other) {
        if (one.hasMessageRecalled() != other.hasMessageRecalled()) {
            return one.hasMessageRecalled() ? one : other;
        }
        return one.getSeq() >= other.getSeq() ? one : other;
    }

    /**
     * Returns the event as it is to be shown.
     *
     * @param event shows a message
     * @param change the newest change of that message
     */
    static ConversationEvent applied(ConversationEvent event, ConversationEvent change) {
        if (change.hasMessageRecalled()) {
            return withoutContent(event, change.getSeq(), change.getMessageRecalled());
        }
        if (event.hasMessageSent() && change.hasMessageEdited()) {
            return edited(event, change.getSeq(), change.getMessageEdited());
        }
        return event; // an edit keeps its own content
    }

    private static ConversationEvent edited(ConversationEvent event, long editedSeq, MessageEdited edit) {
        ConversationEvent.Builder shown = event.toBuilder();
        shown.getMessageSentBuilder()
                .setContent(edit.getContent())
                .setMasked(edit.getMasked())
                .setState(MessageState.newBuilder().setEditedSeq(editedSeq));
        if (edit.hasMentions()) {
            shown.getMessageSentBuilder().setMentions(edit.getMentions());
        } else {
            shown.getMessageSentBuilder().clearMentions();
        }
        return shown.build();
    }

    private static ConversationEvent withoutContent(ConversationEvent event, long recalledSeq, MessageRecalled recall) {
        if (!event.hasMessageSent()) {
            return editWithoutContent(event);
        }
        ConversationEvent.Builder shown = event.toBuilder();
        withoutContent(shown.getMessageSentBuilder())
                .setState(MessageState.newBuilder().setRecalledSeq(recalledSeq).setRecalledBy(recall.getBy()));
        return shown.build();
    }

    private static MessageSent.Builder withoutContent(MessageSent.Builder message) {
        // the quote and the origin are part of the content
        return message.clearContent().clearMentions().clearReplyTo().clearForwardedFrom();
    }
}
