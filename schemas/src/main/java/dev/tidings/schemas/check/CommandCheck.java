package dev.tidings.schemas.check;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Command;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SubscribeGateway;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What can be said against a command by looking at nothing but the command. */
public final class CommandCheck {

    public static final int MAX_CONTENT_BYTES = ContentCheck.MAX_CONTENT_BYTES;
    public static final int MAX_COMMAND_ID_BYTES = 128;
    public static final int MAX_CLIENT_MSG_ID_BYTES = 128;
    public static final int MAX_OPERATION_ID_BYTES = 128;
    public static final int MAX_MENTIONS = 50;
    public static final int MAX_REACTION_BYTES = 64;
    public static final int MAX_DELETIONS = 100;
    public static final int MAX_RECEIPTS = 100;

    private CommandCheck() {}

    /** Why this command cannot be accepted by any conversation, or null where nothing speaks against it. */
    public static @Nullable Refusal check(Command command) {
        // after the parts, whose refusals say more precisely what is too large
        return first(checkCommandId(command.getCommandId()), checkParts(command), checkSize(command));
    }

    private static @Nullable Refusal checkSize(Command command) {
        int limit = command.hasRules() ? Limits.RULES_COMMAND : Limits.COMMAND;
        int size = command.getSerializedSize();
        return size <= limit
                ? null
                : refusal(
                        Refusal.Reason.COMMAND_TOO_LARGE,
                        "the command has " + size + " bytes; at most " + limit + " are allowed");
    }

    private static @Nullable Refusal checkParts(Command command) {
        if (command.hasRules()) {
            return checkRules(command);
        }
        if (command.hasGatewayGone()) {
            return check(command, command.getGatewayGone());
        }
        ConversationId id = ConversationId.parse(command.getConversationId());
        if (id == null) {
            return refusal(
                    Refusal.Reason.INVALID_CONVERSATION_ID,
                    "conversationId must be p:<a>:<b> with the user ids sorted, or g:, r:, s:, b: and an id; it is \""
                            + abbreviated(command.getConversationId()) + '"');
        }
        if (id instanceof ConversationId.Private pair && pair.withOneself()) {
            return refusal(
                    Refusal.Reason.CONVERSATION_WITH_ONESELF, "a private conversation needs two different users");
        }
        Refusal flaw = first(checkActor(command), checkOperationId(command.getOperationId()));
        if (flaw != null) {
            return flaw;
        }
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> check(command.getSendMessage());
            case MARK_READ -> checkSeq(command.getMarkRead().getSeq());
            case EDIT_MESSAGE ->
                first(
                        checkSeq(command.getEditMessage().getSeq()),
                        ContentCheck.check(command.getEditMessage().getContent()),
                        check(command.getEditMessage().getMentions()));
            case RECALL_MESSAGE -> checkSeq(command.getRecallMessage().getSeq());
            case DELETE_FOR_ME -> check(command.getDeleteForMe());
            case REACT ->
                first(
                        checkSeq(command.getReact().getSeq()),
                        isToken(command.getReact().getReaction(), MAX_REACTION_BYTES)
                                ? null
                                : invalid("reaction must be 1 to " + MAX_REACTION_BYTES
                                        + " bytes without control characters"));
            case PIN_MESSAGE -> checkSeq(command.getPinMessage().getSeq());
            case GROUP ->
                id instanceof ConversationId.Group || isForRooms(command, id)
                        ? GroupCheck.check(command.getGroup())
                        : refusal(
                                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                                command.getConversationId() + " is no group");
            case FRIEND ->
                id instanceof ConversationId.Private pair
                        ? checkFriend(command, pair)
                        : refusal(
                                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                                command.getConversationId() + " is not private");
            case SUBSCRIBE_GATEWAY ->
                id instanceof ConversationId.Group || id instanceof ConversationId.Room
                        ? check(command.getSubscribeGateway())
                        : refusal(
                                Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "gateways attach to groups and rooms only");
            case ENTER_ROOM ->
                id instanceof ConversationId.Room
                        ? null
                        : refusal(
                                Refusal.Reason.WRONG_KIND_OF_CONVERSATION, command.getConversationId() + " is no room");
            case FORGET_EVENTS ->
                id instanceof ConversationId.Room
                        ? null
                        : refusal(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "only rooms forget their events");
            case MARK_DELIVERED -> checkSeq(command.getMarkDelivered().getSeq());
            case DESCRIBE_RECEIPTS -> check(command.getDescribeReceipts());
            case TYPING, RULES, GATEWAY_GONE, BODY_NOT_SET -> null;
        };
    }

    public static Refusal refusal(Refusal.Reason reason, String message) {
        return Refusal.newBuilder().setReason(reason).setMessage(message).build();
    }

    /** Whether a name given by a client is fit to be kept: device ids, client message ids. */
    public static boolean isToken(String text) {
        return isToken(text, MAX_CLIENT_MSG_ID_BYTES);
    }

    static boolean isToken(String text, int maxBytes) {
        return !text.isEmpty() && isAtMost(text, maxBytes) && text.chars().noneMatch(Character::isISOControl);
    }

    static boolean isAtMost(String text, int maxBytes) {
        return text.length() <= maxBytes && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    }

    static Refusal invalid(String message) {
        return refusal(Refusal.Reason.INVALID_ARGUMENT, message);
    }

    /** The first that is not null, or null. */
    static @Nullable Refusal first(@Nullable Refusal... flaws) {
        for (Refusal flaw : flaws) {
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    /** The id becomes that of the message, and is in its event twice. Short where a door has made it. */
    private static @Nullable Refusal checkCommandId(String commandId) {
        return isAtMost(commandId, MAX_COMMAND_ID_BYTES)
                ? null
                : invalid("commandId must be at most " + MAX_COMMAND_ID_BYTES + " bytes; it is \""
                        + abbreviated(commandId) + '"');
    }

    private static @Nullable Refusal checkOperationId(String operationId) {
        return operationId.isEmpty() || isToken(operationId, MAX_OPERATION_ID_BYTES)
                ? null
                : invalid("operationId must be at most " + MAX_OPERATION_ID_BYTES
                        + " bytes without control characters; it is \"" + abbreviated(operationId) + '"');
    }

    private static boolean isForRooms(Command command, ConversationId id) {
        return id instanceof ConversationId.Room
                && (command.getGroup().hasMuteMember() || command.getGroup().hasMuteAll());
    }

    /** Commands as system may be nobody's, unless they are about the actor; gateways are nobody. */
    private static @Nullable Refusal checkActor(Command command) {
        boolean mayBeNobody = switch (command.getBodyCase()) {
            case MARK_READ, MARK_DELIVERED, DELETE_FOR_ME, REACT, TYPING, FRIEND, ENTER_ROOM -> false;
            case GROUP ->
                command.getAsSystem()
                        && !command.getGroup().hasJoin()
                        && !command.getGroup().hasLeave();
            case SEND_MESSAGE, EDIT_MESSAGE, RECALL_MESSAGE, PIN_MESSAGE, DESCRIBE_RECEIPTS, RULES, BODY_NOT_SET ->
                command.getAsSystem();
            case SUBSCRIBE_GATEWAY, GATEWAY_GONE, FORGET_EVENTS -> true;
        };
        return (mayBeNobody && command.getActor().isEmpty()) || UserId.isValid(command.getActor())
                ? null
                : refusal(Refusal.Reason.INVALID_USER_ID, "actor must be [A-Za-z0-9_.-]{1,64}");
    }

    /** A relation is between the two alone: the operator's authority makes nobody else a part of it. */
    private static @Nullable Refusal checkFriend(Command command, ConversationId.Private pair) {
        return pair.has(command.getActor())
                ? FriendCheck.check(command.getFriend())
                : refusal(
                        Refusal.Reason.NOT_A_MEMBER,
                        command.getActor() + " does not belong to " + command.getConversationId());
    }

    private static @Nullable Refusal check(SubscribeGateway attach) {
        return attach.getGatewaySlot() < 0 || attach.getSessions() < 0
                ? invalid("gatewaySlot and sessions must not be negative")
                : null;
    }

    private static @Nullable Refusal check(Command command, GatewayGone gone) {
        if (!command.getConversationId().isEmpty()) {
            return invalid("that a gateway is gone belongs to no conversation");
        }
        return gone.getGatewaySlot() < 0 ? invalid("gatewaySlot must not be negative") : null;
    }

    private static @Nullable Refusal checkRules(Command command) {
        if (!command.getAsSystem()) {
            return refusal(Refusal.Reason.SYSTEM_ONLY, "only the operator changes rules");
        }
        if (!command.getConversationId().isEmpty()) {
            return invalid("rules belong to no conversation");
        }
        return first(checkActor(command), RulesCheck.check(command.getRules()));
    }

    private static @Nullable Refusal check(SendMessage send) {
        if (!isToken(send.getClientMsgId())) {
            return refusal(
                    Refusal.Reason.INVALID_CLIENT_MSG_ID,
                    "clientMsgId must be 1 to " + MAX_CLIENT_MSG_ID_BYTES + " bytes without control characters");
        }
        if (send.hasReplyTo()) {
            Refusal flaw = checkSeq(send.getReplyTo().getSeq());
            if (flaw != null) {
                return flaw;
            }
        }
        if (send.hasExpiresAt() && !Timestamps.isValid(send.getExpiresAt())) {
            return invalid("expiresAt is no time");
        }
        return first(check(send.getMentions()), ContentCheck.check(send.getContent()));
    }

    private static @Nullable Refusal check(Mentions mentions) {
        if (mentions.getUserIdsCount() > MAX_MENTIONS) {
            return invalid("mentions must be at most " + MAX_MENTIONS);
        }
        return checkUsers(mentions.getUserIdsList());
    }

    private static @Nullable Refusal check(DeleteForMe delete) {
        if (delete.getSeqsCount() > MAX_DELETIONS) {
            return invalid("seqs must be at most " + MAX_DELETIONS);
        }
        if (delete.getSeqsCount() == 0 && delete.getUpToSeq() == 0) {
            return invalid("seqs or upToSeq must say what is to be deleted");
        }
        for (long seq : delete.getSeqsList()) {
            Refusal flaw = checkSeq(seq);
            if (flaw != null) {
                return flaw;
            }
        }
        return delete.getUpToSeq() < 0 ? checkSeq(delete.getUpToSeq()) : null;
    }

    private static @Nullable Refusal check(DescribeReceipts wanted) {
        if (wanted.getSeqsCount() < 1 || wanted.getSeqsCount() > MAX_RECEIPTS) {
            return invalid("seqs has " + wanted.getSeqsCount() + " entries; 1 to " + MAX_RECEIPTS + " are allowed");
        }
        if (wanted.getWithUsers() && wanted.getSeqsList().stream().distinct().count() > 1) {
            return invalid("withUsers is for one message; seqs has " + wanted.getSeqsCount() + " entries");
        }
        return first(
                wanted.getSeqsList().stream().anyMatch(seq -> seq < 1) ? checkSeq(0) : null,
                wanted.getAfterUserId().isEmpty() ? null : checkUser(wanted.getAfterUserId()));
    }

    static @Nullable Refusal checkUsers(Iterable<String> userIds) {
        for (String userId : userIds) {
            Refusal flaw = checkUser(userId);
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    static @Nullable Refusal checkUser(String userId) {
        return UserId.isValid(userId)
                ? null
                : refusal(
                        Refusal.Reason.INVALID_USER_ID,
                        "user ids must be [A-Za-z0-9_.-]{1,64}; one is \"" + abbreviated(userId) + '"');
    }

    private static @Nullable Refusal checkSeq(long seq) {
        return seq < 1 ? refusal(Refusal.Reason.SEQ_OUT_OF_RANGE, "seq must be at least 1") : null;
    }

    static String abbreviated(String text) {
        return text.codePointCount(0, text.length()) <= 80
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 80)) + "…";
    }
}
