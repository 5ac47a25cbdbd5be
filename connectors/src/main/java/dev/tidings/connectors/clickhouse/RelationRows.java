package dev.tidings.connectors.clickhouse;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event says of how the two users of a private conversation stand to each other. */
final class RelationRows {

    private RelationRows() {}

    /** Nothing for events of other kinds, nor for what one calls the other. */
    static List<Row> of(ConversationEvent event, long atMillis) {
        return switch (event.getBodyCase()) {
            case FRIEND_REQUESTED ->
                List.of(row(event, event.getFriendRequested().getBy(), atMillis, null, true, null));
            case FRIEND_ACCEPTED -> both(event, atMillis, true, false);
            case FRIEND_DECLINED -> both(event, atMillis, null, false);
            case FRIEND_REMOVED -> both(event, atMillis, false, null);
            case BLOCK_CHANGED ->
                List.of(row(
                        event,
                        event.getBlockChanged().getBy(),
                        atMillis,
                        null,
                        null,
                        event.getBlockChanged().getBlocked()));
            case MESSAGE_SENT,
                    READ_ADVANCED,
                    MESSAGE_EDITED,
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
                    REMARK_CHANGED,
                    DELIVERED_ADVANCED,
                    TYPING_STARTED,
                    BODY_NOT_SET -> List.of();
        };
    }

    private static List<Row> both(
            ConversationEvent event, long atMillis, @Nullable Boolean friends, @Nullable Boolean requested) {
        if (!(ConversationId.parse(event.getConversationId()) instanceof ConversationId.Private conversation)) {
            throw new IllegalArgumentException("friends in a conversation that is not private");
        }
        return conversation.users().stream()
                .map(user -> row(event, user, atMillis, friends, requested, null))
                .toList();
    }

    private static Row row(
            ConversationEvent event,
            String userId,
            long atMillis,
            @Nullable Boolean friends,
            @Nullable Boolean requested,
            @Nullable Boolean blocked) {
        return new Row.RelationChange(
                event.getConversationId(),
                Values.user(userId),
                atMillis,
                event.getCommandId(),
                friends,
                requested,
                blocked);
    }
}
