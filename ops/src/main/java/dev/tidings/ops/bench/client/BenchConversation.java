package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;

/**
 * One conversation of a run.
 *
 * @param content of every message
 * @param large whether its events reach only clients that subscribe to it; the gateway confirms the subscription with {@code
 *     head}
 */
public record BenchConversation(String id, Content content, boolean large, Ledger ledger) {

    /** Whether its events reach only clients that have joined it over their connection. */
    boolean isRoom() {
        return ConversationId.parse(id) instanceof ConversationId.Room;
    }
}
