package dev.tidings.processors.conversation;

import static dev.tidings.schemas.check.CommandCheck.refusal;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.conversation.Decision.HadHappened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.Sequenced;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules of conversations, as pure functions: says what a command leads to, for {@link Evolution} to take up into the
 * state. Time comes in with the command. What holds for everyone stands here; the rest in {@link MessageRules}, {@link
 * ResponseRules}, {@link ReadingRules}, {@link GroupRules} and {@link FriendRules}.
 */
public final class ConversationDecider {

    /**
     * How many entries back a conversation remembers names and metadata at least; and what is younger than {@link
     * #WINDOW_MILLIS} by the time in the log, however many it is: in a busy group a client that comes back after half a
     * minute must still be known. Constants, not settings: with other values the same log would lead to other decisions.
     */
    public static final int WINDOW = 1024;

    /** Ten minutes. */
    public static final long WINDOW_MILLIS = 600_000;

    /** Of how many messages with mentions the mentions are remembered, beyond the window. */
    public static final int MENTIONS_KEPT = 1024;

    /** How much of a message's text is remembered for replies to quote. */
    static final int EXCERPT_BYTES = 160;

    private ConversationDecider() {}

    /**
     * @param time when the command was appended to the log
     * @throws IllegalArgumentException where the command says nothing, or is none that conversations decide
     */
    public static Decision decide(Conversation conversation, Rules rules, Command command, Timestamp time) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw != null) {
            return new Refused(flaw);
        }
        Sequenced before = answeredBefore(conversation, command);
        if (before != null) {
            return new HadHappened(before);
        }
        ConversationId id = Objects.requireNonNull(ConversationId.parse(command.getConversationId()));
        Asked asked = new Asked(conversation, id, rules, command, time);
        Refusal objection = objection(asked);
        if (objection != null) {
            return new Refused(objection);
        }
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> MessageRules.send(asked, command.getSendMessage());
            case EDIT_MESSAGE -> MessageRules.edit(asked, command.getEditMessage());
            case RECALL_MESSAGE -> MessageRules.recall(asked, command.getRecallMessage());
            case REACT -> ResponseRules.react(asked, command.getReact());
            case PIN_MESSAGE -> ResponseRules.pin(asked, command.getPinMessage());
            case MARK_READ -> ReadingRules.markRead(asked, command.getMarkRead());
            case MARK_DELIVERED -> ReceiptRules.markDelivered(asked, command.getMarkDelivered());
            case DESCRIBE_RECEIPTS -> ReceiptRules.describe(asked, command.getDescribeReceipts());
            case TYPING -> Speaking.typing(asked);
            case DELETE_FOR_ME -> ReadingRules.deleteForMe(asked, command.getDeleteForMe());
            case GROUP -> GroupRules.decide(asked, command.getGroup());
            case FRIEND -> FriendRules.decide(asked, command.getFriend());
            case ENTER_ROOM -> new Unchanged(); // nothing speaks against it, and nobody remembers it
            case RULES, SUBSCRIBE_GATEWAY, GATEWAY_GONE, FORGET_EVENTS ->
                throw new IllegalArgumentException("command " + command.getCommandId() + " is not about what happens");
            case BODY_NOT_SET ->
                throw new IllegalArgumentException("command " + command.getCommandId() + " has no body");
        };
    }

    private static @Nullable Sequenced answeredBefore(Conversation conversation, Command command) {
        CommandName name = CommandName.of(command);
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

    /** Why the actor may not do anything of this kind here at all, or null. */
    private static @Nullable Refusal objection(Asked asked) {
        if (!asked.asSystem() && asked.rules().isBanned(asked.actor(), asked.time())) {
            return refusal(Refusal.Reason.BANNED, asked.actor() + " is banned");
        }
        return switch (asked.id()) {
            case ConversationId.Private pair ->
                asked.asSystem() && asked.actor().isEmpty() || pair.has(asked.actor()) ? null : notAMember(asked);
            case ConversationId.Group group -> objectionInGroup(asked);
            case ConversationId.Room room -> needsMembers(asked) ? wrongKind(asked) : null;
            case ConversationId.SystemAccount account ->
                needsMembers(asked)
                        ? wrongKind(asked)
                        : isOwnAffair(asked)
                                ? account.id().equals(asked.actor()) ? null : notAMember(asked)
                                : systemOnly(asked);
            case ConversationId.Broadcast broadcast ->
                needsMembers(asked) ? wrongKind(asked) : isOwnAffair(asked) ? null : systemOnly(asked);
        };
    }

    private static @Nullable Refusal objectionInGroup(Asked asked) {
        boolean creates = asked.command().getGroup().hasCreate();
        boolean exists = asked.conversation().group().hasProfile();
        if (isOwnAffair(asked) && hasBelonged(asked.own())) {
            // needs access, not membership: former members and those of a dissolved group have unread messages, too
            return null;
        }
        if (asked.conversation().group().getDissolved()) {
            return refusal(
                    creates ? Refusal.Reason.GROUP_EXISTS : Refusal.Reason.GROUP_DISSOLVED,
                    asked.id() + " was dissolved");
        }
        if (creates) {
            return exists ? refusal(Refusal.Reason.GROUP_EXISTS, "there is a group " + asked.id()) : null;
        }
        if (!exists) {
            return refusal(Refusal.Reason.CONVERSATION_NOT_FOUND, "there is no group " + asked.id());
        }
        boolean forStrangers =
                asked.asSystem() || asked.command().getGroup().getBodyCase() == GroupCommand.BodyCase.JOIN;
        return forStrangers || asked.self().getRole() != Role.ROLE_UNSPECIFIED ? null : notAMember(asked);
    }

    private static boolean hasBelonged(MemberRecord own) {
        return own.getRole() != Role.ROLE_UNSPECIFIED || own.getLeftSeq() > 0;
    }

    /** What concerns nobody but the actor. */
    private static boolean isOwnAffair(Asked asked) {
        return asked.command().hasMarkRead() || asked.command().hasDeleteForMe();
    }

    /** What rooms, system messages and broadcasts do not have: most of them nobody to have read anything, all no groups. */
    private static boolean needsMembers(Asked asked) {
        boolean room = asked.id() instanceof ConversationId.Room;
        boolean receipts = asked.command().hasMarkDelivered() || asked.command().hasDescribeReceipts();
        return receipts || (asked.command().hasGroup() && !room) || (isOwnAffair(asked) && room);
    }

    private static Refusal notAMember(Asked asked) {
        return refusal(
                Refusal.Reason.NOT_A_MEMBER,
                asked.actor() + " does not belong to " + asked.command().getConversationId());
    }

    private static Refusal wrongKind(Asked asked) {
        return refusal(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "this cannot be done in " + asked.id());
    }

    private static @Nullable Refusal systemOnly(Asked asked) {
        return asked.asSystem()
                ? null
                : refusal(Refusal.Reason.SYSTEM_ONLY, "only the operator speaks in " + asked.id());
    }
}
