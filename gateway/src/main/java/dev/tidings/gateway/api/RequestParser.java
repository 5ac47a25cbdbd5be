package dev.tidings.gateway.api;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.EnterRoom;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.UserCommand;
import java.util.List;

/**
 * Turns client frames into requests. Takes over only the fields that a client may set: the origin of a command and the
 * quoted message of a reply are not among them.
 */
public final class RequestParser {

    private RequestParser() {}

    /** @param origin the session and the frame that answers go to */
    public static ClientRequest parse(ClientFrame frame, Origin origin) {
        return switch (frame.getBodyCase()) {
            case CONNECT -> new ClientRequest.Connect(frame.getConnect());
            case HEARTBEAT -> new ClientRequest.Heartbeat();
            case ACK -> new ClientRequest.Acknowledge(frame.getAck().getUpTo());
            case SEND -> send(frame, origin);
            case MARK_READ ->
                new ClientRequest.MarkRead(
                        command(frame, origin, frame.getMarkRead().getConversationId())
                                .setMarkRead(MarkRead.newBuilder()
                                        .setSeq(frame.getMarkRead().getSeq()))
                                .build());
            case EDIT ->
                conversation(command(frame, origin, frame.getEdit().getConversationId())
                        .setEditMessage(frame.getEdit()));
            case RECALL ->
                conversation(command(frame, origin, frame.getRecall().getConversationId())
                        .setRecallMessage(frame.getRecall()));
            case DELETE_FOR_ME ->
                conversation(command(frame, origin, frame.getDeleteForMe().getConversationId())
                        .setDeleteForMe(frame.getDeleteForMe()));
            case REACT ->
                conversation(command(frame, origin, frame.getReact().getConversationId())
                        .setReact(frame.getReact()));
            case PIN ->
                conversation(command(frame, origin, frame.getPin().getConversationId())
                        .setPinMessage(frame.getPin()));
            case GROUP ->
                conversation(command(frame, origin, frame.getGroup().getConversationId())
                        .setGroup(frame.getGroup()));
            case FRIEND ->
                conversation(command(frame, origin, frame.getFriend().getConversationId())
                        .setFriend(frame.getFriend()));
            case RECEIPTS ->
                conversation(command(frame, origin, frame.getReceipts().getConversationId())
                        .setDescribeReceipts(frame.getReceipts()));
            case TYPING ->
                new ClientRequest.Typing(
                        command(frame, origin, frame.getTyping().getConversationId())
                                .setTyping(frame.getTyping())
                                .build());
            case PULL -> new ClientRequest.PullEvents(List.of(frame.getPull()));
            case PULL_MANY -> new ClientRequest.PullEvents(frame.getPullMany().getPullsList());
            case HISTORY -> new ClientRequest.ReadHistory(frame.getHistory());
            case SEARCH -> new ClientRequest.SearchMessages(frame.getSearch());
            case USERS -> new ClientRequest.ReadUsers(frame.getUsers());
            case USER_SEARCH -> new ClientRequest.SearchUsers(frame.getUserSearch());
            case PATCH_USER -> new ClientRequest.PatchOwnUser(frame.getPatchUser());
            case SYNC -> new ClientRequest.Sync(frame.getSync());
            case ROOM ->
                new ClientRequest.Room(
                        frame.getRoom(),
                        command(frame, origin, frame.getRoom().getConversationId())
                                .setEnterRoom(EnterRoom.getDefaultInstance())
                                .build());
            case REFRESH_TOKEN ->
                new ClientRequest.RefreshToken(frame.getRefreshToken().getToken());
            case PRESENCE -> new ClientRequest.Presence(frame.getPresence());
            case SETTINGS ->
                user(UserCommand.newBuilder()
                        .setChangeSettings(frame.getSettings().toBuilder().setOrigin(origin)));
            case PROFILE ->
                user(UserCommand.newBuilder()
                        .setChangeProfile(frame.getProfile().toBuilder().setOrigin(origin)));
            case DEVICES ->
                user(UserCommand.newBuilder()
                        .setDevicesRequest(frame.getDevices().toBuilder().setOrigin(origin)));
            case REVOKE_DEVICE ->
                user(UserCommand.newBuilder()
                        .setRevokeDevice(frame.getRevokeDevice().toBuilder().setOrigin(origin)));
            case REGISTER_PUSH ->
                user(UserCommand.newBuilder()
                        .setRegisterPush(frame.getRegisterPush().toBuilder().setOrigin(origin)));
            case BODY_NOT_SET -> new ClientRequest.Empty();
        };
    }

    private static Command.Builder command(ClientFrame frame, Origin origin, String conversationId) {
        return Command.newBuilder()
                .setOperationId(frame.getOperationId())
                .setOrigin(origin)
                .setConversationId(conversationId);
    }

    private static ClientRequest conversation(Command.Builder command) {
        return new ClientRequest.ConversationRequest(command.build());
    }

    private static ClientRequest user(UserCommand.Builder command) {
        return new ClientRequest.UserRequest(command.build());
    }

    private static ClientRequest send(ClientFrame frame, Origin origin) {
        Send send = frame.getSend();
        Command command = command(frame, origin, send.getConversationId())
                .setSendMessage(message(send))
                .build();
        return send.hasForward()
                ? new ClientRequest.ForwardMessage(command, send.getForward())
                : new ClientRequest.ConversationRequest(command);
    }

    private static SendMessage message(Send send) {
        SendMessage.Builder message = SendMessage.newBuilder().setClientMsgId(send.getClientMsgId());
        if (send.hasContent()) {
            message.setContent(send.getContent());
        }
        if (send.hasReplyTo()) {
            // CONVERSATION adds the id, the sender and the text of the quoted message
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
