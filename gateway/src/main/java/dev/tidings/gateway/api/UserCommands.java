package dev.tidings.gateway.api;

import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserCommand;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Completes and checks the commands that clients send about their users. */
final class UserCommands {

    private UserCommands() {}

    /** Adds the caller's user id and, to a push registration that names no device, the caller's device. */
    static UserCommand complete(UserCommand command, Caller caller) {
        UserCommand.Builder completed = command.toBuilder().setUserId(caller.userId());
        if (command.hasRegisterPush() && command.getRegisterPush().getDeviceId().isEmpty()) {
            completed.getRegisterPushBuilder().setDeviceId(caller.deviceId());
        }
        return completed.build();
    }

    /** Returns why INBOX would refuse the command whatever its state, or null. */
    static @Nullable Refusal check(UserCommand command, Set<String> pushChannels) {
        return switch (command.getBodyCase()) {
            case CHANGE_SETTINGS -> UserCommandCheck.check(command.getUserId(), command.getChangeSettings());
            case CHANGE_PROFILE -> UserCommandCheck.check(command.getChangeProfile());
            case REVOKE_DEVICE -> UserCommandCheck.check(command.getRevokeDevice());
            case REGISTER_PUSH -> {
                Refusal refusal = UserCommandCheck.check(command.getRegisterPush());
                yield refusal == null ? checkChannel(command.getRegisterPush().getChannel(), pushChannels) : refusal;
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
                    RULES,
                    UNDELIVERED,
                    BODY_NOT_SET -> null;
        };
    }

    /** A notification to a channel without a connector would become a dead letter and never reach the user. */
    private static @Nullable Refusal checkChannel(String channel, Set<String> pushChannels) {
        return channel.isEmpty() || pushChannels.contains(channel)
                ? null
                : Refusals.of(
                        Refusal.Reason.INVALID_ARGUMENT,
                        "channel is \"" + channel + "\"; allowed are "
                                + String.join(", ", new TreeSet<>(pushChannels)));
    }
}
