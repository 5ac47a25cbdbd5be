package dev.tidings.processors.conversation;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;

/**
 * Delivered positions of the two users of a private conversation, as commands bring them and events of the sequence carry them
 * (decision 43). They are kept in the head, which is written for every event of the sequence anyway.
 */
final class DeliveredPositions {

    private DeliveredPositions() {}

    /** Returns the last position of the user that an event carried; 0: none. */
    static long of(ConversationHead head, ConversationId.Private pair, String userId) {
        return userId.equals(pair.a()) ? head.getLowerDeliveredSeq() : head.getHigherDeliveredSeq();
    }

    /**
     * Returns the position that the command carries, if its event is to carry it: in private conversations, for their two users,
     * and only if it is newer than the one that an earlier event carried. Otherwise 0.
     */
    static long newIn(Command command, ConversationId id, ConversationHead head) {
        long seq = command.getDeliveredSeq();
        boolean isNew = seq > 0
                && seq <= head.getLastSeq()
                && id instanceof ConversationId.Private pair
                && pair.has(command.getActor())
                && seq > of(head, pair, command.getActor());
        return isNew ? seq : 0;
    }

    /** Keeps the position that an event carries; does nothing if it carries none. */
    static void apply(ConversationHead.Builder head, ConversationEvent event) {
        if (event.getDeliveredSeq() == 0) {
            return;
        }
        if (!(ConversationId.parse(event.getConversationId()) instanceof ConversationId.Private pair)) {
            throw new IllegalArgumentException("event " + event.getSeq() + " of " + event.getConversationId()
                    + " carries a delivered position; only events of private conversations may");
        }
        if (EventFacts.of(event).author().equals(pair.a())) {
            head.setLowerDeliveredSeq(event.getDeliveredSeq());
        } else {
            head.setHigherDeliveredSeq(event.getDeliveredSeq());
        }
    }
}
