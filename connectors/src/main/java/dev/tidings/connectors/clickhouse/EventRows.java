package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ReadAdvanced;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows an event makes: nothing but a function of its bytes, so the same event makes the same rows whenever it is
 * read.
 */
final class EventRows {

    /** No conversation's id is nearly as long; ids stand in statements, which ClickHouse bounds. */
    private static final int MAX_CONVERSATION_ID_BYTES = 256;

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
        if (event.getConversationIdBytes().size() > MAX_CONVERSATION_ID_BYTES) {
            throw new IllegalArgumentException("the event's conversation_id is too long");
        }
        if (event.getSeq() < 0) {
            throw new IllegalArgumentException("the event's seq is " + event.getSeq());
        }
        long sentAtMillis = Values.millis(event.getSentAt(), "the event's sent_at");
        List<Row> rows = new ArrayList<>(2);
        if (event.getSeq() > 0) {
            rows.add(new Row.Event(
                    event.getConversationId(),
                    event.getSeq(),
                    event.getMessageIndex(),
                    sentAtMillis,
                    event.getCommandId(),
                    Values.fieldName(event, event.getBodyCase().getNumber()),
                    actor(event),
                    ProtoJson.print(event),
                    raw));
        }
        rows.addAll(consequences(event, sentAtMillis, raw));
        return rows;
    }

    private static List<Row> consequences(ConversationEvent event, long atMillis, byte[] raw) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> List.of(MessageRows.sent(event, event.getMessageSent(), atMillis));
            case MESSAGE_EDITED -> List.of(MessageRows.edited(event, event.getMessageEdited(), atMillis, raw));
            case MESSAGE_RECALLED -> List.of(MessageRows.recalled(event, event.getMessageRecalled(), atMillis, raw));
            case REACTION_CHANGED -> List.of(MessageRows.reaction(event, event.getReactionChanged(), atMillis));
            case PIN_CHANGED -> List.of(MessageRows.pin(event, event.getPinChanged(), atMillis));
            case READ_ADVANCED -> List.of(read(event, event.getReadAdvanced(), atMillis));
            case GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED -> GroupRows.of(event, atMillis);
            case FRIEND_REQUESTED, FRIEND_ACCEPTED, FRIEND_DECLINED, FRIEND_REMOVED, BLOCK_CHANGED ->
                RelationRows.of(event, atMillis);
            // What a user deleted, calls the other one, or asks admins for, is nobody else's business.
            case MESSAGES_DELETED, JOIN_REQUESTED, JOIN_DECLINED, REMARK_CHANGED, DELIVERED_ADVANCED, TYPING_STARTED ->
                List.of();
            // newer than this sink: only its row in events
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

    private static String actor(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> event.getMessageSent().getSender();
            case READ_ADVANCED -> event.getReadAdvanced().getUserId();
            case MESSAGE_EDITED -> event.getMessageEdited().getBy();
            case MESSAGE_RECALLED -> event.getMessageRecalled().getBy();
            case MESSAGES_DELETED -> event.getMessagesDeleted().getUserId();
            case REACTION_CHANGED -> event.getReactionChanged().getUserId();
            case PIN_CHANGED -> event.getPinChanged().getBy();
            case GROUP_CREATED -> event.getGroupCreated().getOwner();
            case GROUP_UPDATED -> event.getGroupUpdated().getBy();
            case MEMBERS_ADDED -> event.getMembersAdded().getBy();
            case JOIN_REQUESTED -> event.getJoinRequested().getUserId();
            case JOIN_DECLINED -> event.getJoinDeclined().getBy();
            case MEMBER_LEFT -> event.getMemberLeft().getUserId();
            case MEMBERS_REMOVED -> event.getMembersRemoved().getBy();
            case ROLE_CHANGED -> event.getRoleChanged().getBy();
            case OWNERSHIP_TRANSFERRED -> event.getOwnershipTransferred().getFrom();
            case MEMBER_MUTED -> event.getMemberMuted().getBy();
            case ALL_MUTED -> event.getAllMuted().getBy();
            case GROUP_DISSOLVED -> event.getGroupDissolved().getBy();
            case FRIEND_REQUESTED -> event.getFriendRequested().getBy();
            case FRIEND_ACCEPTED -> event.getFriendAccepted().getBy();
            case FRIEND_DECLINED -> event.getFriendDeclined().getBy();
            case FRIEND_REMOVED -> event.getFriendRemoved().getBy();
            case BLOCK_CHANGED -> event.getBlockChanged().getBy();
            case REMARK_CHANGED -> event.getRemarkChanged().getBy();
            case DELIVERED_ADVANCED -> event.getDeliveredAdvanced().getUserId();
            case TYPING_STARTED -> event.getTypingStarted().getUserId();
            case BODY_NOT_SET -> "";
        };
    }

    private static Row read(ConversationEvent event, ReadAdvanced read, long atMillis) {
        return new Row.Read(
                event.getConversationId(), read.getUserId(), read.getReadSeq(), read.getReadIndex(), atMillis);
    }
}
