package dev.tidings.ops.replay;

import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import java.time.Instant;
import java.util.Set;

/**
 * Selects what is replayed and compared.
 *
 * @param from the first command to compare; computing always begins at the first command of a partition
 * @param conversations only these; empty: all
 * @param partitions only these; empty: all
 * @param limit the maximum number of compared commands in each partition
 */
public record ReplayPlan(From from, Set<String> conversations, Set<Integer> partitions, long limit) {

    public ReplayPlan {
        conversations = Set.copyOf(conversations);
        partitions = Set.copyOf(partitions);
    }

    /** A position in each partition of commands. */
    public sealed interface From {

        record Earliest() implements From {}

        record Offset(long offset) implements From {}

        /** The first command of this time or later. */
        record Time(Instant time) implements From {}
    }

    /** Whether a command affects a compared conversation. A command without a conversation affects all of them. */
    boolean concerns(Command command) {
        return isSelected(command.getConversationId());
    }

    boolean concerns(ConversationEvent event) {
        return isSelected(event.getConversationId());
    }

    /** Whether all conversations are compared, unreadable records included. */
    boolean concernsAll() {
        return conversations.isEmpty();
    }

    private boolean isSelected(String conversationId) {
        return conversations.isEmpty() || conversationId.isEmpty() || conversations.contains(conversationId);
    }
}
