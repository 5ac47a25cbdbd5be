package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.clickhouse.row.EventRow;
import dev.tidings.connectors.clickhouse.row.ReadRow;
import dev.tidings.connectors.clickhouse.row.ReceiptRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ReadAdvanced;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns an event into rows. A function of the event's bytes alone, so that a repeated event leads to the same rows. */
final class EventRows {

    /** Longer than any valid id. Ids are part of statements, and ClickHouse limits the length of statements. */
    private static final int MAX_CONVERSATION_ID_BYTES = 256;

    private EventRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if the value is no event or has invalid fields; the message says why
     */
    static List<Row> of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        ConversationEvent event = parse(raw);
        if (event.getConversationId().isEmpty()) {
            throw new IllegalArgumentException("the event names no conversation");
        }
        if (event.getConversationIdBytes().size() > MAX_CONVERSATION_ID_BYTES) {
            throw new IllegalArgumentException("the event's conversation_id is too long");
        }
        if (event.getSeq() < 0) {
            throw new IllegalArgumentException("the event's seq is " + event.getSeq());
        }
        long sentAtMillis = Values.millis(event.getSentAt(), "the event's sent_at");
        List<Row> rows = new ArrayList<>(2);
        if (EventFacts.isSequenced(event)) {
            rows.add(new EventRow(
                    event.getConversationId(),
                    event.getSeq(),
                    event.getMessageIndex(),
                    sentAtMillis,
                    event.getCommandId(),
                    Values.fieldName(event, event.getBodyCase().getNumber()),
                    EventFacts.of(event).author(),
                    ProtoJson.print(event),
                    raw));
        }
        rows.addAll(furtherRows(event, sentAtMillis, raw));
        if (event.getDeliveredSeq() > 0) {
            rows.add(delivered(
                    event, Values.user(EventFacts.of(event).author()), event.getDeliveredSeq(), sentAtMillis));
        }
        return rows;
    }

    /** The rows other than the one in {@code events}. */
    private static List<Row> furtherRows(ConversationEvent event, long atMillis, byte[] raw) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> List.of(MessageRows.sent(event, event.getMessageSent(), atMillis));
            case MESSAGE_EDITED -> List.of(MessageRows.edited(event, event.getMessageEdited(), atMillis, raw));
            case MESSAGE_RECALLED -> List.of(MessageRows.recalled(event, event.getMessageRecalled(), atMillis, raw));
            case REACTION_CHANGED -> List.of(MessageRows.reaction(event, event.getReactionChanged(), atMillis));
            case PIN_CHANGED -> List.of(MessageRows.pin(event, event.getPinChanged(), atMillis));
            case READ_ADVANCED -> read(event, event.getReadAdvanced(), atMillis);
            case DELIVERED_ADVANCED ->
                List.of(delivered(
                        event,
                        event.getDeliveredAdvanced().getUserId(),
                        event.getDeliveredAdvanced().getDeliveredSeq(),
                        atMillis));
            case GROUP_CREATED -> new GroupRows(event, atMillis).created(event.getGroupCreated());
            case GROUP_UPDATED -> new GroupRows(event, atMillis).updated(event.getGroupUpdated());
            case ALL_MUTED -> new GroupRows(event, atMillis).allMuted(event.getAllMuted());
            case GROUP_DISSOLVED -> new GroupRows(event, atMillis).dissolved(event.getGroupDissolved());
            case MEMBERS_ADDED -> new GroupRows(event, atMillis).added(event.getMembersAdded());
            case MEMBER_LEFT -> new GroupRows(event, atMillis).left(event.getMemberLeft());
            case MEMBERS_REMOVED -> new GroupRows(event, atMillis).removed(event.getMembersRemoved());
            case ROLE_CHANGED -> new GroupRows(event, atMillis).roleChanged(event.getRoleChanged());
            case OWNERSHIP_TRANSFERRED -> new GroupRows(event, atMillis).transferred(event.getOwnershipTransferred());
            case MEMBER_MUTED -> new GroupRows(event, atMillis).muted(event.getMemberMuted());
            case FRIEND_REQUESTED -> RelationRows.requested(event, atMillis);
            case FRIEND_ACCEPTED -> RelationRows.accepted(event, atMillis);
            case FRIEND_DECLINED -> RelationRows.declined(event, atMillis);
            case FRIEND_REMOVED -> RelationRows.removed(event, atMillis);
            case BLOCK_CHANGED -> RelationRows.blocked(event, atMillis);
            // private to one user: deletions, remarks, join requests; not stored: typing
            case MESSAGES_DELETED, JOIN_REQUESTED, JOIN_DECLINED, REMARK_CHANGED, TYPING_STARTED -> List.of();
            // a body that this version does not know has only its row in events
            case BODY_NOT_SET -> List.of();
        };
    }

    private static ConversationEvent parse(byte[] raw) {
        try {
            return ConversationEvent.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a ConversationEvent: " + e.getMessage(), e);
        }
    }

    private static List<Row> read(ConversationEvent event, ReadAdvanced read, long atMillis) {
        return List.of(
                new ReadRow(
                        event.getConversationId(), read.getUserId(), read.getReadSeq(), read.getReadIndex(), atMillis),
                new ReceiptRow(
                        event.getConversationId(),
                        read.getUserId(),
                        ReceiptRow.Kind.READ,
                        read.getReadSeq(),
                        atMillis));
    }

    private static Row delivered(ConversationEvent event, String userId, long seq, long atMillis) {
        return new ReceiptRow(event.getConversationId(), userId, ReceiptRow.Kind.DELIVERED, seq, atMillis);
    }
}
