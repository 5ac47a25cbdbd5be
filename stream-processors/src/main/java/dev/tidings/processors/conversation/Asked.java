package dev.tidings.processors.conversation;

import static dev.tidings.schemas.check.CommandCheck.refusal;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;

/**
 * A command before its conversation: all that a rule may look at.
 *
 * @param id what {@code command.conversation_id} says
 * @param time when the command was appended to the log
 */
record Asked(Conversation conversation, ConversationId id, Rules rules, Command command, Timestamp time) {

    String actor() {
        return command.getActor();
    }

    boolean asSystem() {
        return command.getAsSystem();
    }

    MemberRecord self() {
        return conversation.member(actor());
    }

    /** What is known of the actor's own reading and deleting, also once they have left a group. */
    MemberRecord own() {
        MemberRecord self = self();
        return id instanceof ConversationId.Group && self.getRole() == Role.ROLE_UNSPECIFIED
                ? conversation.formerMember(actor())
                : self;
    }

    /** Whether the actor may do what owners and admins of the group may. */
    boolean isAdmin() {
        return asSystem() || self().getRole().compareTo(Role.ADMIN) >= 0;
    }

    boolean isOwner() {
        return asSystem() || self().getRole() == Role.OWNER;
    }

    /** The next event of the sequence, no message. */
    ConversationEvent.Builder next() {
        return next(false);
    }

    /** @param countable whether it raises the message index */
    ConversationEvent.Builder next(boolean countable) {
        ConversationHead head = conversation.head();
        return event().setSeq(head.getLastSeq() + 1).setMessageIndex(head.getMessageIndex() + (countable ? 1 : 0));
    }

    /** A fact outside the sequence. */
    ConversationEvent.Builder aside() {
        return event().setMessageIndex(conversation.head().getMessageIndex());
    }

    Refused refused(Refusal.Reason reason, String message) {
        return new Refused(refusal(reason, message));
    }

    Happened happened(ConversationEvent.Builder event) {
        return new Happened(event.build());
    }

    /** Whether this time is in the future, seen from the command. */
    boolean isAhead(Timestamp moment) {
        return Timestamps.compare(moment, time) > 0;
    }

    long millisSince(Timestamp moment) {
        return Timestamps.toMillis(time) - Timestamps.toMillis(moment);
    }

    private ConversationEvent.Builder event() {
        return ConversationEvent.newBuilder()
                .setConversationId(command.getConversationId())
                .setSentAt(time)
                .setCommandId(command.getCommandId());
    }
}
