package dev.tidings.ops.erasure;

import com.google.protobuf.Message;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;

/**
 * Facts about a part of a record that the part itself does not contain.
 *
 * @param conversationId empty: unknown
 * @param seq of the event; 0: unknown
 * @param userId the user whose state, command or event it is; empty: unknown
 * @param atMillis the time of the record
 */
record RecordScope(String conversationId, long seq, String userId, long atMillis) {

    static RecordScope at(long atMillis) {
        return new RecordScope("", 0, "", atMillis);
    }

    RecordScope inConversation(String id) {
        return new RecordScope(id, seq, userId, atMillis);
    }

    RecordScope atSeq(long eventSeq) {
        return new RecordScope(conversationId, eventSeq, userId, atMillis);
    }

    RecordScope ofUser(String id) {
        return new RecordScope(conversationId, seq, id, atMillis);
    }

    /** The scope of the parts of a message. */
    RecordScope within(Message message) {
        return switch (message) {
            case ConversationEvent event ->
                inConversation(event.getConversationId()).atSeq(event.getSeq());
            case Command command -> inConversation(command.getConversationId()).ofUser(command.getActor());
            case BusinessCommand command -> ofUser(command.getActor());
            case BusinessReply reply -> ofUser(reply.getUserId());
            case ConversationView view -> inConversation(view.getConversationId());
            case UserCommand command -> ofUser(command.getUserId());
            case UserEvent event -> ofUser(event.getUserId());
            default -> this;
        };
    }
}
