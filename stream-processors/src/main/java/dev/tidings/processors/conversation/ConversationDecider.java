package dev.tidings.processors.conversation;

import static dev.tidings.schemas.check.CommandCheck.refusal;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.conversation.Decision.HadHappened;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.Sequenced;

/**
 * The rules of conversations, as pure functions: {@code decide} says what a command leads to, {@code evolve} takes it
 * up into the state. Time comes in with the command.
 */
public final class ConversationDecider {

    /**
     * How many entries back a conversation remembers names and metadata. A constant, not a setting: with another value
     * the same log would lead to other decisions.
     */
    public static final int WINDOW = 1024;

    private ConversationDecider() {}

    /**
     * @param time when the command was appended to the log
     * @throws IllegalArgumentException where the command says nothing
     */
    public static Decision decide(Conversation conversation, Command command, Timestamp time) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw != null) {
            return new Refused(flaw);
        }
        ConversationId id = ConversationId.parse(command.getConversationId());
        if (!(id instanceof ConversationId.Private pair)) {
            return new Refused(refusal(
                    Refusal.Reason.CONVERSATION_NOT_FOUND, "there is no conversation " + command.getConversationId()));
        }
        if (!pair.has(command.getActor())) {
            return new Refused(refusal(
                    Refusal.Reason.NOT_A_MEMBER,
                    command.getActor() + " does not belong to " + command.getConversationId()));
        }
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> send(conversation, command, command.getSendMessage(), time);
            case MARK_READ -> markRead(conversation, command, command.getMarkRead(), time);
            case EDIT_MESSAGE,
                    RECALL_MESSAGE,
                    DELETE_FOR_ME,
                    REACT,
                    PIN_MESSAGE,
                    GROUP,
                    FRIEND,
                    RULES,
                    ATTACH_GATEWAY -> throw new IllegalArgumentException("not yet");
            case BODY_NOT_SET ->
                throw new IllegalArgumentException("command " + command.getCommandId() + " has no body");
        };
    }

    /** Takes up an event that was decided on this very state. */
    public static void evolve(Conversation.Evolving conversation, ConversationEvent event) {
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> {
                MessageSent sent = event.getMessageSent();
                append(
                        conversation,
                        event,
                        EntryRecord.newBuilder()
                                .setMessageIndex(event.getMessageIndex())
                                .setMessageId(sent.getMessageId())
                                .setSender(sent.getSender())
                                .setClientMsgId(sent.getClientMsgId())
                                .setSentAt(event.getSentAt())
                                .build());
            }
            case READ_ADVANCED -> {
                ReadAdvanced read = event.getReadAdvanced();
                conversation.putMember(
                        read.getUserId(),
                        MemberRecord.newBuilder()
                                .setReadSeq(read.getReadSeq())
                                .setReadIndex(read.getReadIndex())
                                .build());
            }
            case MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED -> throw new IllegalArgumentException("not yet");
            case BODY_NOT_SET -> throw new IllegalArgumentException("an event without a body was never decided");
        }
    }

    private static Decision send(Conversation conversation, Command command, SendMessage send, Timestamp time) {
        long known = conversation.seqOf(command.getActor(), send.getClientMsgId());
        if (known > 0) {
            return new HadHappened(firstAnswer(conversation, command, known));
        }
        ConversationHead head = conversation.head();
        return new Happened(ConversationEvent.newBuilder()
                .setConversationId(command.getConversationId())
                .setSeq(head.getLastSeq() + 1)
                .setMessageIndex(head.getMessageIndex() + 1)
                .setSentAt(time)
                .setCommandId(command.getCommandId())
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId(command.getCommandId())
                        .setSender(command.getActor())
                        .setClientMsgId(send.getClientMsgId())
                        .setContent(send.getContent()))
                .build());
    }

    private static Sequenced firstAnswer(Conversation conversation, Command command, long seq) {
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
                .build();
    }

    private static Decision markRead(Conversation conversation, Command command, MarkRead mark, Timestamp time) {
        ConversationHead head = conversation.head();
        if (mark.getSeq() > head.getLastSeq()) {
            return new Refused(refusal(
                    Refusal.Reason.SEQ_OUT_OF_RANGE,
                    "seq " + mark.getSeq() + " is beyond the last event, " + head.getLastSeq()));
        }
        MemberRecord member = conversation.member(command.getActor());
        if (mark.getSeq() <= member.getReadSeq()) {
            return new Unchanged();
        }
        return new Happened(ConversationEvent.newBuilder()
                .setConversationId(command.getConversationId())
                .setMessageIndex(head.getMessageIndex())
                .setSentAt(time)
                .setCommandId(command.getCommandId())
                .setReadAdvanced(ReadAdvanced.newBuilder()
                        .setUserId(command.getActor())
                        .setReadSeq(mark.getSeq())
                        .setReadIndex(Math.max(member.getReadIndex(), messageIndexAt(conversation, mark.getSeq()))))
                .build());
    }

    /**
     * How many countable messages there were at a seq. Before the window it is counted back from the oldest entry as if
     * every entry were a message: never too high, so that nothing unread ever passes for read.
     */
    private static long messageIndexAt(Conversation conversation, long seq) {
        EntryRecord entry = conversation.entry(seq);
        if (entry != null) {
            return entry.getMessageIndex();
        }
        long oldestSeq = Math.max(1, conversation.head().getLastSeq() - WINDOW + 1);
        EntryRecord oldest = conversation.entry(oldestSeq);
        return oldest == null ? 0 : Math.max(0, oldest.getMessageIndex() - (oldestSeq - seq));
    }

    private static void append(Conversation.Evolving conversation, ConversationEvent event, EntryRecord entry) {
        conversation.putHead(ConversationHead.newBuilder()
                .setLastSeq(event.getSeq())
                .setMessageIndex(event.getMessageIndex())
                .build());
        conversation.putEntry(event.getSeq(), entry);
        long outdated = event.getSeq() - WINDOW;
        EntryRecord old = outdated > 0 ? conversation.entry(outdated) : null;
        if (old != null) {
            conversation.forgetEntry(outdated, old);
        }
    }
}
