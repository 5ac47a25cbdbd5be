package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.ConversationStores.Forgotten;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Command;
import dev.tidings.v1.ForgetEvents;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Deletes what an emptied room remembered of its events. The room begins a new generation at once, which costs one write.
 * What the old one left behind is deleted in steps: the first with the record that emptied the room, the others each by a
 * record of its own in {@code commands}. A busy room remembers 100,000 events, too many for one transaction.
 */
final class Forgetting {

    private final ConversationStores stores;
    private final FanOut fanOut;

    Forgetting(ConversationStores stores, FanOut fanOut) {
        this.stores = stores;
        this.fanOut = fanOut;
    }

    /** @return the store operations used, at most as many as allowed */
    int emptied(
            Record<String, Command> record,
            String conversationId,
            Conversation.Evolving conversation,
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

    void goOn(Record<String, Command> record) {
        String conversationId = record.value().getConversationId();
        ForgetEvents forget = record.value().getForgetEvents();
        long now = stores.conversation(conversationId).head().getGeneration();
        if (forget.getGeneration() >= now) {
            throw new IllegalArgumentException(conversationId + " is still in generation " + now
                    + ", and cannot forget " + forget.getGeneration());
        }
        step(record, conversationId, forget, Limits.STORE_OPERATIONS_PER_STEP);
    }

    private int step(Record<String, Command> record, String conversationId, ForgetEvents forget, int maxOperations) {
        Forgotten forgotten = stores.forget(conversationId, forget, maxOperations);
        if (forgotten.next() != null) {
            fanOut.again(record.withValue(Command.newBuilder()
                    .setCommandId(record.value().getCommandId())
                    .setConversationId(conversationId)
                    .setForgetEvents(forgotten.next())
                    .build()));
        }
        return forgotten.operations();
    }
}
