package dev.tidings.ops.replay;

import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import java.time.Instant;
import java.util.Set;

/**
 * What is replayed and compared.
 *
 * @param from where comparing begins; computing always begins at the beginning
 * @param conversations only these; empty: all
 * @param partitions only these; empty: all
 * @param limit how many commands are compared in each partition, at most
 */
public record ReplayPlan(From from, Set<String> conversations, Set<Integer> partitions, long limit) {

    public ReplayPlan {
        conversations = Set.copyOf(conversations);
        partitions = Set.copyOf(partitions);
    }

    /** A place in each partition of commands. */
    public sealed interface From {

        record Earliest() implements From {}

        record Offset(long offset) implements From {}

        /** The first command of this time or later. */
        record Time(Instant time) implements From {}
    }

    /** Whether a command has a say in what is compared. One without a conversation concerns all of them. */
    boolean concerns(Command command) {
        return isAskedFor(command.getConversationId());
    }

    boolean concerns(ConversationEvent event) {
        return isAskedFor(event.getConversationId());
    }

    /** Whether everything is compared, also what cannot be read. */
    boolean concernsAll() {
        return conversations.isEmpty();
    }

    private boolean isAskedFor(String conversationId) {
        return conversations.isEmpty() || conversationId.isEmpty() || conversations.contains(conversationId);
    }
}
