package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.checkSeq;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Command;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Checks a command against the limits of the contract, without any state. The gateway checks a command before it appends it to
 * the log; CONVERSATION checks it again before it decides.
 */
public final class CommandCheck {

    public static final int MAX_CONTENT_BYTES = ContentCheck.MAX_CONTENT_BYTES;
    public static final int MAX_COMMAND_ID_BYTES = 128;
    public static final int MAX_OPERATION_ID_BYTES = ExternalId.MAX_BYTES;
    public static final int MAX_MENTIONS = MessageCheck.MAX_MENTIONS;
    public static final int MAX_REACTION_BYTES = MessageCheck.MAX_REACTION_BYTES;
    public static final int MAX_DELETIONS = MessageCheck.MAX_DELETIONS;
    public static final int MAX_RECEIPTS = MessageCheck.MAX_RECEIPTS;

    private CommandCheck() {}

    /** The refusal of a command that violates the contract, or null. */
    public static @Nullable Refusal check(Command command) {
        // the size last: the refusals of parts say more precisely what is too large
        return first(
                checkLength("commandId", command.getCommandId(), MAX_COMMAND_ID_BYTES),
                checkParts(command),
                checkSize(command));
    }

    private static @Nullable Refusal checkSize(Command command) {
        int limit = command.hasRules() ? Limits.RULES_COMMAND : Limits.COMMAND;
        int size = command.getSerializedSize();
        return size <= limit
                ? null
                : Refusals.of(
                        Refusal.Reason.COMMAND_TOO_LARGE,
                        "the command has " + size + " bytes; at most " + limit + " are allowed");
    }

    private static @Nullable Refusal checkParts(Command command) {
        if (command.hasRules()) {
            return checkRules(command);
        }
        if (command.hasGatewayGone()) {
            return GatewayCommandCheck.check(command.getConversationId(), command.getGatewayGone());
        }
        ConversationId id = ConversationId.parse(command.getConversationId());
        if (id == null) {
            return Refusals.of(
                    Refusal.Reason.INVALID_CONVERSATION_ID,
                    "conversationId is " + quoted(command.getConversationId())
                            + "; p:<a>:<b> with sorted user ids, g:<id>, r:<id>, s:<id> and b:<id> are allowed");
        }
        if (id instanceof ConversationId.Private pair && pair.withOneself()) {
            return Refusals.of(
                    Refusal.Reason.CONVERSATION_WITH_ONESELF, "a private conversation needs two different users");
        }
        return first(
                checkActor(command),
                checkOperationId(command.getOperationId()),
                checkDeliveredSeq(command.getDeliveredSeq()),
                checkBody(command, id));
    }

    private static @Nullable Refusal checkBody(Command command, ConversationId id) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> MessageCheck.check(command.getSendMessage(), command.getContentErased());
            case EDIT_MESSAGE -> MessageCheck.check(command.getEditMessage(), command.getContentErased());
            case REACT -> MessageCheck.check(command.getReact());
            case DELETE_FOR_ME -> MessageCheck.check(command.getDeleteForMe());
            case DESCRIBE_RECEIPTS -> MessageCheck.check(command.getDescribeReceipts());
            case RECALL_MESSAGE -> checkSeq(command.getRecallMessage().getSeq());
            case PIN_MESSAGE -> checkSeq(command.getPinMessage().getSeq());
            case MARK_READ -> checkSeq(command.getMarkRead().getSeq());
            case MARK_DELIVERED -> checkSeq(command.getMarkDelivered().getSeq());
            case GROUP ->
                id instanceof ConversationId.Group || isForRooms(command, id)
                        ? GroupCheck.check(command.getGroup())
                        : wrongKind(command, "a group command");
            case FRIEND ->
                id instanceof ConversationId.Private pair
                        ? checkFriend(command, pair)
                        : wrongKind(command, "a friend command");
            case SUBSCRIBE_GATEWAY ->
                id instanceof ConversationId.Group || id instanceof ConversationId.Room
                        ? GatewayCommandCheck.check(command.getSubscribeGateway())
                        : wrongKind(command, "a gateway subscription");
            case ENTER_ROOM -> id instanceof ConversationId.Room ? null : wrongKind(command, "enterRoom");
            case FORGET_EVENTS -> id instanceof ConversationId.Room ? null : wrongKind(command, "forgetEvents");
            case TYPING, READ_HEAD, RULES, GATEWAY_GONE, BODY_NOT_SET -> null;
        };
    }

    private static Refusal wrongKind(Command command, String what) {
        return Refusals.of(
                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                what + " is not allowed in the conversation " + command.getConversationId());
    }

    private static @Nullable Refusal checkOperationId(String operationId) {
        return operationId.isEmpty() ? null : Refusals.checkId("operationId", operationId, MAX_OPERATION_ID_BYTES);
    }

    private static @Nullable Refusal checkDeliveredSeq(long seq) {
        return seq >= 0
                ? null
                : Refusals.of(Refusal.Reason.SEQ_OUT_OF_RANGE, "deliveredSeq is " + seq + "; it must be at least 0");
    }

    private static boolean isForRooms(Command command, ConversationId id) {
        return id instanceof ConversationId.Room
                && (command.getGroup().hasMuteMember() || command.getGroup().hasMuteAll());
    }

    /** Commands as system can do without an actor, unless they are about the actor. Gateway commands have none. */
    private static @Nullable Refusal checkActor(Command command) {
        boolean isOptional = switch (command.getBodyCase()) {
            case MARK_READ, MARK_DELIVERED, DELETE_FOR_ME, REACT, TYPING, FRIEND, ENTER_ROOM -> false;
            case GROUP ->
                command.getAsSystem()
                        && !command.getGroup().hasJoin()
                        && !command.getGroup().hasLeave();
            case SEND_MESSAGE,
                    EDIT_MESSAGE,
                    RECALL_MESSAGE,
                    PIN_MESSAGE,
                    DESCRIBE_RECEIPTS,
                    READ_HEAD,
                    RULES,
                    BODY_NOT_SET -> command.getAsSystem();
            case SUBSCRIBE_GATEWAY, GATEWAY_GONE, FORGET_EVENTS -> true;
        };
        return (isOptional && command.getActor().isEmpty()) || UserId.isValid(command.getActor())
                ? null
                : Refusals.of(
                        Refusal.Reason.INVALID_USER_ID,
                        "actor is " + quoted(command.getActor()) + "; it must match [A-Za-z0-9_.-]{1,64}");
    }

    /** Only the two users of the private conversation are allowed, also in commands as system. */
    private static @Nullable Refusal checkFriend(Command command, ConversationId.Private pair) {
        return pair.has(command.getActor())
                ? FriendCheck.check(command.getFriend())
                : Refusals.of(
                        Refusal.Reason.NOT_A_MEMBER,
                        command.getActor() + " is not a member of " + command.getConversationId());
    }

    private static @Nullable Refusal checkRules(Command command) {
        if (!command.getAsSystem()) {
            return Refusals.of(Refusal.Reason.SYSTEM_ONLY, "rules are changed by commands as system only");
        }
        if (!command.getConversationId().isEmpty()) {
            return invalid("conversationId of rules is " + quoted(command.getConversationId()) + "; it must be empty");
        }
        return first(checkActor(command), RulesCheck.check(command.getRules()));
    }
}
