package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.ConversationStores.Deletion;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Command;
import dev.tidings.v1.ForgetEvents;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Deletes the recent events of a room that has become empty. The room begins a new generation, which costs one write. The records of
 * the old generation are deleted in steps: the first with the record that emptied the room, each further one with a record of
 * its own in {@code commands}. A busy room keeps 100,000 events, too many to delete in one transaction.
 */
final class RoomCleanup {

    private final ConversationStores stores;
    private final FanOut fanOut;

    RoomCleanup(ConversationStores stores, FanOut fanOut) {
        this.stores = stores;
        this.fanOut = fanOut;
    }

    /**
     * Begins a new generation of an empty room, and takes the first step.
     *
     * @return the store operations used, at most {@code maxOperations}
     */
    int begin(
            Record<String, Command> record,
            String conversationId,
            Conversation.Mutable conversation,
            int maxOperations) {
        long generation = conversation.head().getGeneration();
        return conversation.beginGeneration()
                ? step(
                        record,
                        conversationId,
                        ForgetEvents.newBuilder().setGeneration(generation).build(),
                        maxOperations)
                : 0;
    }

    /** Takes the step that a {@link ForgetEvents} record describes. */
    void continueWith(Record<String, Command> record) {
        String conversationId = record.value().getConversationId();
        ForgetEvents forget = record.value().getForgetEvents();
        long now = stores.conversation(conversationId).head().getGeneration();
        if (forget.getGeneration() >= now) {
            throw new IllegalArgumentException("generation " + forget.getGeneration() + " of " + conversationId
                    + " cannot be deleted; the current one is " + now);
        }
        step(record, conversationId, forget, Limits.STORE_OPERATIONS_PER_STEP);
    }

    private int step(Record<String, Command> record, String conversationId, ForgetEvents forget, int maxOperations) {
        Deletion deletion = stores.deleteGeneration(conversationId, forget, maxOperations);
        if (deletion.next() != null) {
            fanOut.appendCommand(record.withValue(Command.newBuilder()
                    .setCommandId(record.value().getCommandId())
                    .setConversationId(conversationId)
                    .setForgetEvents(deletion.next())
                    .build()));
        }
        return deletion.operations();
    }
}
