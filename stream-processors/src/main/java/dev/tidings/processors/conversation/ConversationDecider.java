package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.HeadRead;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of conversations as pure functions: {@link #decide} turns a command into a {@link Decision}, and {@link #evolve}
 * applies the event of an accepted command to the conversation. Time comes with the command. The tables here assign each command
 * and each event to the class that holds the rules of the operation.
 */
public final class ConversationDecider {

    private ConversationDecider() {}

    /**
     * Decides a command. Changes nothing.
     *
     * @param time when the command was appended to the log
     * @throws IllegalArgumentException if the command has no body, or one that conversations do not decide
     */
    public static Decision decide(Conversation conversation, Rules rules, Command command, Timestamp time) {
        Refusal invalid = CommandCheck.check(command);
        if (invalid != null) {
            return new Refused(invalid);
        }
        Sequenced firstAnswer = firstAnswer(conversation, command);
        if (firstAnswer != null) {
            return new Duplicate(firstAnswer);
        }
        ConversationId id = Objects.requireNonNull(ConversationId.parse(command.getConversationId()));
        CommandContext context = new CommandContext(conversation, id, rules, command, time);
        Refusal noAccess = AccessRules.check(context);
        return noAccess != null ? new Refused(noAccess) : decide(context, command);
    }

    private static Decision decide(CommandContext context, Command command) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> MessageRules.send(context, command.getSendMessage());
            case EDIT_MESSAGE -> MessageRules.edit(context, command.getEditMessage());
            case RECALL_MESSAGE -> MessageRules.recall(context, command.getRecallMessage());
            case REACT -> ReactionRules.react(context, command.getReact());
            case PIN_MESSAGE -> PinRules.pin(context, command.getPinMessage());
            case MARK_READ -> ReadingRules.markRead(context, command.getMarkRead());
            case MARK_DELIVERED -> ReceiptRules.markDelivered(context, command.getMarkDelivered());
            case DESCRIBE_RECEIPTS -> ReceiptRules.describe(context, command.getDescribeReceipts());
            case READ_HEAD -> new HeadRead(GatewaySubscriptions.head(context.conversation(), context.id()));
            case TYPING -> PostingRules.type(context);
            case DELETE_FOR_ME -> ReadingRules.deleteForMe(context, command.getDeleteForMe());
            case GROUP -> GroupRules.decide(context, command.getGroup());
            case FRIEND -> FriendRules.decide(context, command.getFriend());
            case ENTER_ROOM -> new Unchanged(); // access was checked; the gateway keeps who is in the room
            case RULES, SUBSCRIBE_GATEWAY, GATEWAY_GONE, FORGET_EVENTS ->
                throw new IllegalArgumentException(
                        "conversations do not decide " + command.getBodyCase() + ": command " + command.getCommandId());
            case BODY_NOT_SET ->
                throw new IllegalArgumentException("command " + command.getCommandId() + " has no body");
        };
    }

    /**
     * Applies an event to the conversation in whose state it was decided.
     *
     * @param policy the policy at this place in the log; it decides whether send rates are recorded
     * @param name the name of the event's command, from {@link #nameOf}; null if the event is outside the sequence
     */
    static void evolve(
            Conversation.Mutable conversation,
            EffectivePolicy policy,
            ConversationEvent event,
            @Nullable CommandName name) {
        ConversationHead before = conversation.head();
        evolution(policy, event.getBodyCase()).accept(conversation, event);
        if (EventFacts.isSequenced(event)) {
            RecentEvents.append(
                    conversation, event, Objects.requireNonNull(name, "an event of the sequence needs a name"));
        } else if (!conversation.head().equals(before)) {
            throw new IllegalStateException(
                    event.getBodyCase() + " is outside the sequence and changes the head, which would not be stored");
        }
    }

    private static BiConsumer<Conversation.Mutable, ConversationEvent> evolution(
            EffectivePolicy policy, ConversationEvent.BodyCase body) {
        return switch (body) {
            case MESSAGE_SENT -> (conversation, event) -> MessageRules.applySent(conversation, policy, event);
            case MESSAGE_EDITED -> MessageRules::applyEdited;
            case MESSAGE_RECALLED -> MessageRules::applyRecalled;
            case REACTION_CHANGED -> ReactionRules::applyChanged;
            case PIN_CHANGED -> PinRules::applyChanged;
            case READ_ADVANCED -> ReadingRules::applyRead;
            case DELIVERED_ADVANCED -> ReceiptRules::applyDelivered;
            case MESSAGES_DELETED -> ReadingRules::applyDeleted;
            case TYPING_STARTED -> (conversation, event) -> {};
            case GROUP_CREATED -> GroupRules::applyCreated;
            case GROUP_UPDATED -> GroupRules::applyUpdated;
            case ALL_MUTED -> GroupRules::applyAllMuted;
            case GROUP_DISSOLVED -> GroupRules::applyDissolved;
            case MEMBERS_ADDED -> JoinRules::applyAdded;
            case JOIN_REQUESTED -> JoinRules::applyRequested;
            case JOIN_DECLINED -> JoinRules::applyDeclined;
            case MEMBER_LEFT -> MembershipRules::applyLeft;
            case MEMBERS_REMOVED -> MembershipRules::applyRemoved;
            case ROLE_CHANGED -> MembershipRules::applyRoleChanged;
            case OWNERSHIP_TRANSFERRED -> MembershipRules::applyTransferred;
            case MEMBER_MUTED -> MembershipRules::applyMuted;
            case FRIEND_REQUESTED -> FriendRules::applyRequested;
            case FRIEND_ACCEPTED -> FriendRules::applyAccepted;
            case FRIEND_DECLINED -> FriendRules::applyDeclined;
            case FRIEND_REMOVED -> FriendRules::applyRemoved;
            case BLOCK_CHANGED -> FriendRules::applyBlockChanged;
            case REMARK_CHANGED -> FriendRules::applyRemarkChanged;
            case BODY_NOT_SET -> throw new IllegalArgumentException("an event has to have a body");
        };
    }

    /**
     * The name under which a repeated command is recognized: of messages the client message id, of other commands the client's
     * operation id. A command without an operation id is named by its own id: a client repeats a command under a new id, but
     * INTAKE may write a record twice.
     *
     * @return null for commands whose events are outside the sequence
     */
    static @Nullable CommandName nameOf(Command command) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE ->
                CommandName.ofMessage(
                        command.getActor(), command.getSendMessage().getClientMsgId());
            case EDIT_MESSAGE, RECALL_MESSAGE, REACT, PIN_MESSAGE, GROUP, FRIEND ->
                command.getOperationId().isEmpty()
                        ? CommandName.ofCommandId(command.getCommandId())
                        : CommandName.ofOperation(command.getActor(), command.getOperationId());
            case MARK_READ,
                    MARK_DELIVERED,
                    DESCRIBE_RECEIPTS,
                    DELETE_FOR_ME,
                    TYPING,
                    RULES,
                    SUBSCRIBE_GATEWAY,
                    GATEWAY_GONE,
                    ENTER_ROOM,
                    FORGET_EVENTS,
                    READ_HEAD,
                    BODY_NOT_SET -> null;
        };
    }

    /** The answer to the first command with the name of this one; null if there was none. */
    private static @Nullable Sequenced firstAnswer(Conversation conversation, Command command) {
        CommandName name = nameOf(command);
        long seq = name == null ? 0 : conversation.seqOf(name.scope(), name.name());
        if (seq == 0) {
            return null;
        }
        EntryRecord first = conversation.entry(seq);
        if (first == null) {
            throw new IllegalStateException(
                    "seq " + seq + " of " + command.getConversationId() + " has a name but no entry");
        }
        return Sequenced.newBuilder()
                .setConversationId(command.getConversationId())
                .setSeq(seq)
                .setMessageId(first.getMessageId())
                .setSentAt(first.getSentAt())
                .setDuplicate(true)
                .setMasked(first.getMasked())
                .build();
    }
}
