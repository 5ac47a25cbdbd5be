package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.RelationChangeRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns an event about the relation of the two users of a private conversation into rows. */
final class RelationRows {

    private RelationRows() {}

    static List<Row> requested(ConversationEvent event, long atMillis) {
        return List.of(row(event, event.getFriendRequested().getBy(), atMillis, null, true, null));
    }

    static List<Row> accepted(ConversationEvent event, long atMillis) {
        return both(event, atMillis, true, false);
    }

    static List<Row> declined(ConversationEvent event, long atMillis) {
        return both(event, atMillis, null, false);
    }

    static List<Row> removed(ConversationEvent event, long atMillis) {
        return both(event, atMillis, false, null);
    }

    static List<Row> blocked(ConversationEvent event, long atMillis) {
        boolean blocked = event.getBlockChanged().getBlocked();
        return List.of(row(event, event.getBlockChanged().getBy(), atMillis, null, null, blocked));
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
        return new RelationChangeRow(
                event.getConversationId(),
                Values.user(userId),
                atMillis,
                event.getCommandId(),
                friends,
                requested,
                blocked);
    }
}
