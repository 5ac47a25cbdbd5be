package dev.tidings.gateway.api;

import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.UserCommand;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

    /** Why INBOX would refuse the command whatever it knows, or null where nothing speaks against it. */
    static @Nullable Refusal flawOf(UserCommand command, Set<String> pushChannels) {
        return switch (command.getBodyCase()) {
            case CHANGE_SETTINGS -> UserCommandCheck.check(command.getUserId(), command.getChangeSettings());
            case CHANGE_PROFILE -> UserCommandCheck.check(command.getChangeProfile());
            case REVOKE_DEVICE -> UserCommandCheck.check(command.getRevokeDevice());
            case REGISTER_PUSH -> {
                Refusal flaw = UserCommandCheck.check(command.getRegisterPush());
                yield flaw == null ? unserved(command.getRegisterPush().getChannel(), pushChannels) : flaw;
            }
            case OPEN_SESSION,
                    CLOSE_SESSION,
                    SYNC_REQUEST,
                    ACCESS_REQUEST,
                    WATCH_PRESENCE,
                    DEVICES_REQUEST,
                    FRIENDS_REQUEST,
                    GATEWAY_GONE,
                    NOTIFY_OF_BROADCAST,
                    NOTIFY_OF_MISSED,
                    CONTINUE_SYNC,
                    UNDELIVERED,
                    BODY_NOT_SET -> null;
        };
    }

    /** A notification to a channel that nothing serves would become a dead letter, and the user would wait for it. */
    private static @Nullable Refusal unserved(String channel, Set<String> pushChannels) {
        return channel.isEmpty() || pushChannels.contains(channel)
                ? null
                : CommandCheck.refusal(
                        Refusal.Reason.INVALID_ARGUMENT,
                        "channel is \"" + channel + "\"; served here: "
                                + String.join(", ", new TreeSet<>(pushChannels)));
    }

    /** A client that names no device means its own. */
    private static RegisterPush.Builder push(Caller caller, RegisterPush push) {
        RegisterPush.Builder registered = push.toBuilder().setOrigin(caller.origin());
        return push.getDeviceId().isEmpty() ? registered.setDeviceId(caller.deviceId()) : registered;
    }
}
