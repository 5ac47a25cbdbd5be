package dev.tidings.gateway.api;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.UserCommand;

/** What clients ask about their users, as commands of the caller. Where the answer goes is not the client's to say. */
final class UserCommands {

    private UserCommands() {}

    /** @throws IllegalArgumentException where the frame asks nothing about its user */
    static UserCommand of(Caller caller, ClientFrame frame) {
        UserCommand.Builder command = UserCommand.newBuilder().setUserId(caller.userId());
        switch (frame.getBodyCase()) {
            case SETTINGS ->
                command.setChangeSettings(frame.getSettings().toBuilder().setOrigin(caller.origin()));
            case PROFILE ->
                command.setChangeProfile(frame.getProfile().toBuilder().setOrigin(caller.origin()));
            case DEVICES ->
                command.setDevicesRequest(frame.getDevices().toBuilder().setOrigin(caller.origin()));
            case REVOKE_DEVICE ->
                command.setRevokeDevice(frame.getRevokeDevice().toBuilder().setOrigin(caller.origin()));
            case REGISTER_PUSH -> command.setRegisterPush(push(caller, frame.getRegisterPush()));
            case CONNECT,
                    HEARTBEAT,
                    SEND,
                    MARK_READ,
                    ACK,
                    PULL,
                    PULL_MANY,
                    SYNC,
                    EDIT,
                    RECALL,
                    DELETE_FOR_ME,
                    REACT,
                    PIN,
                    GROUP,
                    FRIEND,
                    ROOM,
                    TYPING,
                    RECEIPTS,
                    PRESENCE,
                    BODY_NOT_SET ->
                throw new IllegalArgumentException("nothing about the user: " + frame.getBodyCase());
        }
        return command.build();
    }

    /** A client that names no device means its own. */
    private static RegisterPush.Builder push(Caller caller, RegisterPush push) {
        RegisterPush.Builder registered = push.toBuilder().setOrigin(caller.origin());
        return push.getDeviceId().isEmpty() ? registered.setDeviceId(caller.deviceId()) : registered;
    }
}
