package dev.tidings.processors.simulation;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.EnterRoom;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendMessage;

/** Makes conversation commands of the frames of clients. */
final class ClientCommands {

    private ClientCommands() {}

    static Command of(String commandId, String userId, Origin origin, ClientFrame frame) {
        Command.Builder command =
                Command.newBuilder().setCommandId(commandId).setActor(userId).setOrigin(origin);
        if (frame.hasSend()) {
            command.setConversationId(frame.getSend().getConversationId()).setSendMessage(message(frame.getSend()));
        } else if (frame.hasMarkRead()) {
            command.setConversationId(frame.getMarkRead().getConversationId())
                    .setMarkRead(
                            MarkRead.newBuilder().setSeq(frame.getMarkRead().getSeq()));
        } else if (frame.hasEdit()) {
            command.setConversationId(frame.getEdit().getConversationId()).setEditMessage(frame.getEdit());
        } else if (frame.hasRecall()) {
            command.setConversationId(frame.getRecall().getConversationId()).setRecallMessage(frame.getRecall());
        } else if (frame.hasDeleteForMe()) {
            command.setConversationId(frame.getDeleteForMe().getConversationId())
                    .setDeleteForMe(frame.getDeleteForMe());
        } else if (frame.hasReact()) {
            command.setConversationId(frame.getReact().getConversationId()).setReact(frame.getReact());
        } else if (frame.hasFriend()) {
            command.setConversationId(frame.getFriend().getConversationId()).setFriend(frame.getFriend());
        } else if (frame.hasRoom()) {
            command.setConversationId(frame.getRoom().getConversationId()).setEnterRoom(EnterRoom.getDefaultInstance());
        } else if (frame.hasPin()) {
            command.setConversationId(frame.getPin().getConversationId()).setPinMessage(frame.getPin());
        } else {
            command.setConversationId(frame.getGroup().getConversationId()).setGroup(frame.getGroup());
        }
        return command.build();
    }

    private static SendMessage message(Send send) {
        SendMessage.Builder message = SendMessage.newBuilder()
                .setClientMsgId(send.getClientMsgId())
                .setContent(send.getContent())
                .setFlags(send.getFlags());
        if (send.hasMentions()) {
            message.setMentions(send.getMentions());
        }
        if (send.hasExpiresAt()) {
            message.setExpiresAt(send.getExpiresAt());
        }
        return message.build();
    }
}
