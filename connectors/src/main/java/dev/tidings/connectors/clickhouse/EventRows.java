package dev.tidings.connectors.clickhouse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReadAdvanced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows an event makes: nothing but a function of its bytes, so the same event makes the same rows whenever it is
 * read.
 */
final class EventRows {

    /** What DateTime64 can hold. */
    private static final long EARLIEST_MILLIS =
            Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();

    private static final long LATEST_MILLIS =
            Instant.parse("2299-12-31T23:59:59.999Z").toEpochMilli();

    /** The kind of an event that is newer than this sink. It is stored by its bytes all the same, and a replay completes it. */
    private static final String UNKNOWN_KIND = "unknown";

    private EventRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException where it is not an event that a row can be made of; the message says why
     */
    static List<Row> of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        ConversationEvent event = parse(raw);
        if (event.getConversationId().isEmpty()) {
            throw new IllegalArgumentException("the event names no conversation");
        }
        if (event.getSeq() < 0) {
            throw new IllegalArgumentException("the event's seq is " + event.getSeq());
        }
        long sentAtMillis = millis(event);
        List<Row> rows = new ArrayList<>(2);
        if (event.getSeq() > 0) {
            rows.add(new Row.Event(
                    event.getConversationId(),
                    event.getSeq(),
                    event.getMessageIndex(),
                    sentAtMillis,
                    event.getCommandId(),
                    kind(event),
                    actor(event),
                    ProtoJson.print(event),
                    raw));
        }
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> rows.add(message(event, event.getMessageSent(), sentAtMillis));
            case READ_ADVANCED -> rows.add(read(event, event.getReadAdvanced(), sentAtMillis));
            case MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED -> {
                // not yet
            }
            case BODY_NOT_SET -> {
                // newer than this sink: only its row in events
            }
        }
        return rows;
    }

    private static ConversationEvent parse(byte[] raw) {
        try {
            return ConversationEvent.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a ConversationEvent: " + e.getMessage(), e);
        }
    }

    private static long millis(ConversationEvent event) {
        long millis = Timestamps.toMillis(event.getSentAt());
        if (millis < EARLIEST_MILLIS || millis > LATEST_MILLIS) {
            throw new IllegalArgumentException("the event's sent_at is outside of 1900 to 2299");
        }
        return millis;
    }

    private static String kind(ConversationEvent event) {
        return fieldName(event, event.getBodyCase().getNumber(), UNKNOWN_KIND);
    }

    private static String actor(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> event.getMessageSent().getSender();
            case READ_ADVANCED -> event.getReadAdvanced().getUserId();
            case MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED -> "";
            case BODY_NOT_SET -> "";
        };
    }

    private static Row message(ConversationEvent event, MessageSent sent, long sentAtMillis) {
        Content content = sent.getContent();
        return new Row.Message(
                event.getConversationId(),
                event.getSeq(),
                sent.getMessageId(),
                sent.getSender(),
                sent.getClientMsgId(),
                fieldName(content, content.getBodyCase().getNumber(), UNKNOWN_KIND),
                text(content),
                ProtoJson.print(content),
                event.getMessageIndex(),
                sentAtMillis,
                event.getSeq());
    }

    private static String text(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> content.getText().getBody();
            case IMAGE -> content.getImage().getCaption();
            case VIDEO -> content.getVideo().getCaption();
            case AUDIO, FILE, LOCATION, CARD, CUSTOM, ENCRYPTED, BODY_NOT_SET -> "";
        };
    }

    private static Row read(ConversationEvent event, ReadAdvanced read, long sentAtMillis) {
        return new Row.Read(
                event.getConversationId(), read.getUserId(), read.getReadSeq(), read.getReadIndex(), sentAtMillis);
    }

    /** The name in the contract of the field with this number. */
    private static String fieldName(Message message, int number, String ifNone) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
        return field == null ? ifNone : field.getName();
    }
}
