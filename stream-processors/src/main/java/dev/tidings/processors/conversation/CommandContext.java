package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;

/**
 * A command with everything that its decision may depend on: the conversation, the operator's rules and the time.
 *
 * @param id the parsed {@code command.conversation_id}
 * @param time when the command was appended to the log
 */
record CommandContext(Conversation conversation, ConversationId id, Rules rules, Command command, Timestamp time) {

    String actor() {
        return command.getActor();
    }

    boolean asSystem() {
        return command.getAsSystem();
    }

    boolean isGroup() {
        return id instanceof ConversationId.Group;
    }

    /** The actor's record as a member; all fields zero if there is none. */
    MemberRecord actorMember() {
        return conversation.member(actor());
    }

    /** The actor's record with read position and deleted ranges; of a former member, the one kept since they left. */
    MemberRecord ownRecord() {
        MemberRecord member = actorMember();
        return isGroup() && member.getRole() == Role.ROLE_UNSPECIFIED ? conversation.formerMember(actor()) : member;
    }

    /** Whether the actor has the rights of an owner or admin of the group. */
    boolean isAdmin() {
        return asSystem() || actorMember().getRole().compareTo(Role.ADMIN) >= 0;
    }

    boolean isOwner() {
        return asSystem() || actorMember().getRole() == Role.OWNER;
    }

    /** The next event of the sequence. It does not raise the message index. */
    ConversationEvent.Builder nextEvent() {
        return nextEvent(false);
    }

    /** @param countable whether the event is a message that counts as unread, and so raises the message index */
    ConversationEvent.Builder nextEvent(boolean countable) {
        ConversationHead head = conversation.head();
        return event().setSeq(head.getLastSeq() + 1)
                .setMessageIndex(head.getMessageIndex() + (countable ? 1 : 0))
                .setDeliveredSeq(DeliveredPositions.newIn(command, id, head));
    }

    /** An event outside the sequence: it has no seq. */
    ConversationEvent.Builder unsequencedEvent() {
        return event().setMessageIndex(conversation.head().getMessageIndex());
    }

    Refused refused(Refusal.Reason reason, String message) {
        return new Refused(Refusals.of(reason, message));
    }

    Refused adminsOnly() {
        return refused(Refusal.Reason.NOT_ALLOWED, "only the owner and admins may do this");
    }

    Accepted accepted(ConversationEvent.Builder event) {
        return new Accepted(event.build());
    }

    /** Whether a time is later than the command. */
    boolean isFuture(Timestamp moment) {
        return Timestamps.compare(moment, time) > 0;
    }

    /** Milliseconds from a time to the command. */
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
