package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.MessageBody;
import dev.tidings.connectors.clickhouse.row.MessageChangeRow;
import dev.tidings.connectors.clickhouse.row.MessageRow;
import dev.tidings.connectors.clickhouse.row.PinChangeRow;
import dev.tidings.connectors.clickhouse.row.ReactionRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.text.SearchTerms;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;

/** Builds the rows of messages, edits and recalls. */
final class MessageRows {

    private MessageRows() {}

    static Row sent(ConversationEvent event, MessageSent sent, long atMillis) {
        return new MessageRow(
                event.getConversationId(),
                event.getSeq(),
                sent.getMessageId(),
                sent.getSender(),
                sent.getClientMsgId(),
                body(sent.getContent(), sent.getMentions(), sent.getMasked()),
                event.getMessageIndex(),
                atMillis,
                sent.getReplyTo().getSeq(),
                sent.hasExpiresAt() ? Values.untilMillis(sent.getExpiresAt()) : null,
                sent.getAsSystem(),
                sent.getForwardedFrom().getConversationId(),
                sent.getForwardedFrom().getSeq());
    }

    static Row edited(ConversationEvent event, MessageEdited edited, long atMillis, byte[] raw) {
        return new MessageChangeRow(
                event.getConversationId(),
                earlier(edited.getSeq(), event),
                event.getSeq(),
                atMillis,
                edited.getBy(),
                body(edited.getContent(), edited.getMentions(), edited.getMasked()),
                raw);
    }

    static Row recalled(ConversationEvent event, MessageRecalled recalled, long atMillis, byte[] raw) {
        return new MessageChangeRow(
                event.getConversationId(),
                earlier(recalled.getSeq(), event),
                event.getSeq(),
                atMillis,
                recalled.getBy(),
                null,
                raw);
    }

    static Row reaction(ConversationEvent event, ReactionChanged changed, long atMillis) {
        return new ReactionRow(
                event.getConversationId(),
                earlier(changed.getSeq(), event),
                Values.user(changed.getUserId()),
                changed.getReaction(),
                changed.getRemoved(),
                atMillis,
                event.getSeq());
    }

    static Row pin(ConversationEvent event, PinChanged changed, long atMillis) {
        return new PinChangeRow(
                event.getConversationId(),
                earlier(changed.getSeq(), event),
                event.getSeq(),
                atMillis,
                changed.getBy(),
                !changed.getUnpinned());
    }

    /** The body of a text, or the caption of a medium; otherwise empty. */
    static String text(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> content.getText().getBody();
            case IMAGE -> content.getImage().getCaption();
            case VIDEO -> content.getVideo().getCaption();
            case AUDIO, FILE, LOCATION, CARD, CUSTOM, ENCRYPTED, BODY_NOT_SET -> "";
        };
    }

    /** The content's field in the contract, such as {@code text}. */
    static String type(Content content) {
        return Values.fieldName(content, content.getBodyCase().getNumber());
    }

    private static MessageBody body(Content content, Mentions mentions, boolean masked) {
        return new MessageBody(
                type(content),
                text(content),
                ProtoJson.print(content),
                SearchTerms.of(content),
                mentions.getUserIdsList(),
                mentions.getAll(),
                masked);
    }

    /** The seq of the message that an event concerns, which must be smaller than the event's own. */
    private static long earlier(long messageSeq, ConversationEvent event) {
        if (messageSeq < 1 || messageSeq >= event.getSeq()) {
            throw new IllegalArgumentException(
                    "the event with seq " + event.getSeq() + " concerns a message at " + messageSeq);
        }
        return messageSeq;
    }
}
