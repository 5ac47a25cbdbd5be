package dev.tidings.gateway.api;

import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Forward;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;

/** The message that a forward copies, as history has it. */
sealed interface ForwardSource {

    /** @param from the message that had the content first, however often it was forwarded since */
    record Found(Content content, ForwardedFrom from) implements ForwardSource {

        SendMessage copyTo(SendMessage message) {
            return message.toBuilder()
                    .setContent(content)
                    .setForwardedFrom(from)
                    .build();
        }
    }

    /** There is no such message, or it has no content any more. */
    record Unusable(Refusal refusal) implements ForwardSource {}

    /** History lags behind the live events: it does not hold the message yet, or not all of its changes. */
    record NotYetKnown() implements ForwardSource {}

    /** @param range the part of history at the seq of the forward */
    static ForwardSource of(Forward forward, HistoryRange range) {
        if (range.headSeq() < forward.getSeq() || (range.events().isEmpty() && !range.complete())) {
            return new NotYetKnown();
        }
        if (range.events().isEmpty() || !range.events().getFirst().hasMessageSent()) {
            return unusable(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no message", forward);
        }
        ConversationEvent event = range.events().getFirst();
        MessageSent message = event.getMessageSent();
        if (message.getState().getRecalledSeq() > 0) {
            return unusable(Refusal.Reason.MESSAGE_RECALLED, "the message is recalled", forward);
        }
        if (message.getState().getExpired()) {
            return unusable(Refusal.Reason.EXPIRED, "the message has expired", forward);
        }
        return new Found(message.getContent(), message.hasForwardedFrom() ? message.getForwardedFrom() : origin(event));
    }

    private static ForwardSource unusable(Refusal.Reason reason, String what, Forward forward) {
        return new Unusable(Refusals.of(reason, what + " at " + forward.getConversationId() + ' ' + forward.getSeq()));
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
