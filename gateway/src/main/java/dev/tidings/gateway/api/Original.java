package dev.tidings.gateway.api;

import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Forward;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;

/** The message that is to be said again, as history has it. */
sealed interface Original {

    /** @param from where the content was said first, however often it was forwarded since */
    record Found(Content content, ForwardedFrom from) implements Original {

        SendMessage saidAgain(SendMessage message) {
            return message.toBuilder()
                    .setContent(content)
                    .setForwardedFrom(from)
                    .build();
        }
    }

    record Unfit(Refusal refusal) implements Original {}

    /** History has not got that far, or does not know yet how the message stands; it follows what is live. */
    record NotYet() implements Original {}

    /** @param range what history holds at the forward's seq */
    static Original of(Forward forward, HistoryRange range) {
        if (range.headSeq() < forward.getSeq() || (range.events().isEmpty() && !range.complete())) {
            return new NotYet();
        }
        if (range.events().isEmpty() || !range.events().getFirst().hasMessageSent()) {
            return unfit(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no message", forward);
        }
        ConversationEvent event = range.events().getFirst();
        MessageSent message = event.getMessageSent();
        if (message.getState().getRecalledSeq() > 0) {
            return unfit(Refusal.Reason.MESSAGE_RECALLED, "the message was taken back", forward);
        }
        if (message.getState().getExpired()) {
            return unfit(Refusal.Reason.EXPIRED, "the message has expired", forward);
        }
        return new Found(message.getContent(), message.hasForwardedFrom() ? message.getForwardedFrom() : origin(event));
    }

    private static Original unfit(Refusal.Reason reason, String what, Forward forward) {
        return new Unfit(
                CommandCheck.refusal(reason, what + " at " + forward.getConversationId() + ' ' + forward.getSeq()));
    }

    private static ForwardedFrom origin(ConversationEvent event) {
        return ForwardedFrom.newBuilder()
                .setConversationId(event.getConversationId())
                .setSeq(event.getSeq())
                .setMessageId(event.getMessageSent().getMessageId())
                .setSender(event.getMessageSent().getSender())
                .setSentAt(event.getSentAt())
                .build();
    }
}
