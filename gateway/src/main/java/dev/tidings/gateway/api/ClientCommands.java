package dev.tidings.gateway.api;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.EnterRoom;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendMessage;

/** What clients ask of conversations, as commands that do not say yet who asks. */
final class ClientCommands {

    private ClientCommands() {}

    /** @throws IllegalArgumentException where the frame asks nothing of a conversation */
    static Command.Builder of(ClientFrame frame) {
        Command.Builder command = Command.newBuilder().setOperationId(frame.getOperationId());
        return switch (frame.getBodyCase()) {
            case SEND ->
                command.setConversationId(frame.getSend().getConversationId()).setSendMessage(message(frame.getSend()));
            case MARK_READ ->
                command.setConversationId(frame.getMarkRead().getConversationId())
                        .setMarkRead(
                                MarkRead.newBuilder().setSeq(frame.getMarkRead().getSeq()));
            case EDIT ->
                command.setConversationId(frame.getEdit().getConversationId()).setEditMessage(frame.getEdit());
            case RECALL ->
                command.setConversationId(frame.getRecall().getConversationId()).setRecallMessage(frame.getRecall());
            case DELETE_FOR_ME ->
                command.setConversationId(frame.getDeleteForMe().getConversationId())
                        .setDeleteForMe(frame.getDeleteForMe());
            case REACT ->
                command.setConversationId(frame.getReact().getConversationId()).setReact(frame.getReact());
            case PIN ->
                command.setConversationId(frame.getPin().getConversationId()).setPinMessage(frame.getPin());
            case GROUP ->
                command.setConversationId(frame.getGroup().getConversationId()).setGroup(frame.getGroup());
            case FRIEND ->
                command.setConversationId(frame.getFriend().getConversationId()).setFriend(frame.getFriend());
            case TYPING ->
                command.setConversationId(frame.getTyping().getConversationId()).setTyping(frame.getTyping());
            case RECEIPTS ->
                command.setConversationId(frame.getReceipts().getConversationId())
                        .setDescribeReceipts(frame.getReceipts());
            case ROOM ->
                command.setConversationId(frame.getRoom().getConversationId())
                        .setEnterRoom(EnterRoom.getDefaultInstance());
            case CONNECT,
                    HEARTBEAT,
                    ACK,
                    PULL,
                    PULL_MANY,
                    SYNC,
                    SETTINGS,
                    PROFILE,
                    PRESENCE,
                    DEVICES,
                    REVOKE_DEVICE,
                    REGISTER_PUSH,
                    BODY_NOT_SET -> throw new IllegalArgumentException("no command: " + frame.getBodyCase());
        };
    }

    private static SendMessage message(Send send) {
        SendMessage.Builder message = SendMessage.newBuilder().setClientMsgId(send.getClientMsgId());
        if (send.hasContent()) {
            message.setContent(send.getContent());
        }
        if (send.hasReplyTo()) {
            // which message that is, who wrote it and what it says, the decision says
            message.setReplyTo(ReplyTo.newBuilder().setSeq(send.getReplyTo().getSeq()));
        }
        if (send.hasMentions()) {
            message.setMentions(send.getMentions());
        }
        if (send.hasExpiresAt()) {
            message.setExpiresAt(send.getExpiresAt());
        }
        if (send.hasFlags()) {
            message.setFlags(send.getFlags());
        }
        return message.build();
    }
}
