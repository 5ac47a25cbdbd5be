package dev.tidings.processors.limits;

import static dev.tidings.processors.limits.LargestParts.GROUP;
import static dev.tidings.processors.limits.LargestParts.LATER;
import static dev.tidings.processors.limits.LargestParts.SLOTS;
import static dev.tidings.processors.limits.LargestParts.device;
import static dev.tidings.processors.limits.LargestParts.pair;
import static dev.tidings.processors.limits.LargestParts.session;
import static dev.tidings.processors.limits.LargestParts.user;

import com.google.protobuf.Timestamp;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.MissedConversation;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.NotifyOfMissed;
import dev.tidings.v1.Origin;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import dev.tidings.v1.WordRule;
import java.util.Random;

/** Commands of users that are as large as their checks allow. What they say is drawn from a seed. */
final class LargestUserCommands {

    private final Random random;
    private final LargestParts parts;

    LargestUserCommands(Random random) {
        this.random = random;
        this.parts = new LargestParts(random);
    }

    /** Every session on the gateway ends. */
    UserCommand gone(int slot) {
        UserCommand.Builder command = UserCommand.newBuilder();
        command.getGatewayGoneBuilder().setGatewaySlot(slot).setGatewayEpoch(Long.MAX_VALUE);
        return command.build();
    }

    /** A session on a device of the user. */
    UserCommand open(int user, int device) {
        UserCommand.Builder command = UserCommand.newBuilder().setUserId(user(user));
        command.getOpenSessionBuilder()
                .getSessionBuilder()
                .setSessionId(session(device))
                .setDeviceId(device(device))
                .setGatewayEpoch(Long.MAX_VALUE - 1);
        return command.build();
    }

    /** Where the device is notified: with the longest channel, and the longest token of its own. */
    UserCommand registerPush(int user, int device) {
        return UserCommand.newBuilder()
                .setUserId(user(user))
                .setRegisterPush(RegisterPush.newBuilder()
                        .setOrigin(parts.origin())
                        .setDeviceId(device(device))
                        .setChannel("c".repeat(UserCommandCheck.MAX_CHANNEL_BYTES))
                        .setToken(
                                "t".repeat(UserCommandCheck.MAX_PUSH_TOKEN_BYTES - 8) + String.format("%08d", device)))
                .build();
    }

    UserCommand userCommand(UserCommand.BodyCase body, int user) {
        UserCommand.Builder command =
                UserCommand.newBuilder().setUserId(user(user)).setUnknownFields(LargestParts.unknown());
        Origin origin = parts.origin();
        switch (body) {
            case OPEN_SESSION ->
                command.getOpenSessionBuilder()
                        .setFrameId("f".repeat(64))
                        .setResumeSince(random.nextInt(10))
                        .getSessionBuilder()
                        .setSessionId(session(random.nextInt(1_000)))
                        .setDeviceId(device(random.nextInt(64)))
                        .setGatewaySlot(random.nextInt(SLOTS))
                        .setGatewayEpoch(Long.MAX_VALUE - 1);
            case CLOSE_SESSION -> command.getCloseSessionBuilder().setSessionId(session(random.nextInt(1_000)));
            case SYNC_REQUEST ->
                command.getSyncRequestBuilder().setOrigin(origin).setModeValue(1 + random.nextInt(3));
            case ACCESS_REQUEST ->
                command.getAccessRequestBuilder().setOrigin(origin).setConversationId(GROUP);
            case CHANGE_SETTINGS ->
                command.setChangeSettings(settingsOf(random.nextBoolean() ? GROUP : pair(user, user == 0 ? 1 : 0)));
            case CHANGE_PROFILE ->
                command.setChangeProfile(ChangeProfile.newBuilder()
                        .setOrigin(origin)
                        .setStatus(parts.text(UserCommandCheck.MAX_STATUS_BYTES))
                        .setNotifications(NotificationSettings.newBuilder()
                                .setLanguage("x".repeat(UserCommandCheck.MAX_LANGUAGE_BYTES))
                                .setUnknownFields(LargestParts.unknown())));
            case WATCH_PRESENCE ->
                command.getWatchPresenceBuilder()
                        .setOrigin(origin)
                        .setGatewayEpoch(Long.MAX_VALUE)
                        .setWatcherUserId(user(random.nextInt(30)))
                        .setVisibility(WatchPresence.Visibility.EVERYONE)
                        .setModeValue(1 + random.nextInt(3));
            case DEVICES_REQUEST -> command.getDevicesRequestBuilder().setOrigin(origin);
            case REVOKE_DEVICE ->
                command.getRevokeDeviceBuilder().setOrigin(origin).setDeviceId(device(random.nextInt(64)));
            case REGISTER_PUSH -> {
                return registerPush(user, random.nextInt(64));
            }
            case GATEWAY_GONE ->
                command.clearUserId()
                        .getGatewayGoneBuilder()
                        .setGatewaySlot(random.nextInt(SLOTS))
                        .setGatewayEpoch(random.nextInt(20) == 0 ? Long.MAX_VALUE : 1)
                        .setLastBeatAt(LATER);
            case UNDELIVERED -> {
                command.getUndeliveredBuilder().setSessionId(session(1));
                for (int i = 0; i < 1_000; i++) {
                    command.getUndeliveredBuilder()
                            .addMessagesBuilder()
                            .setConversationId(pair(user, user == i ? i + 1 : i))
                            .setSeq(Long.MAX_VALUE);
                }
            }
            case FRIENDS_REQUEST -> command.getFriendsRequestBuilder().setOrigin(origin);
            case NOTIFY_OF_BROADCAST ->
                command.clearUserId().getNotifyOfBroadcastBuilder().setConversationId(LargestParts.BROADCAST);
            case NOTIFY_OF_MISSED -> command.clearUserId().setNotifyOfMissed(missed(user));
            case CONTINUE_SYNC ->
                command.clearUserId()
                        .getContinueSyncBuilder()
                        .setUserId(user(user))
                        .setOrigin(origin)
                        .setMode(SyncMode.FULL);
            case RULES ->
                command.clearUserId()
                        .getRulesBuilder()
                        .addSetWords(WordRule.newBuilder()
                                .setWord("w" + random.nextInt(1_000))
                                .setAction(ModerationAction.FLAG));
            case BODY_NOT_SET -> throw new IllegalArgumentException("a command without a body becomes a dead letter");
        }
        return command.build();
    }

    /** As many conversations as can be found, and the user's further ones are still to be looked at. */
    private static NotifyOfMissed missed(int user) {
        NotifyOfMissed.Builder missed = NotifyOfMissed.newBuilder()
                .setMissedBy(user(user))
                .setSince(Timestamp.newBuilder().setSeconds(1));
        for (int i = 0; i < 100; i++) {
            missed.addFound(MissedConversation.newBuilder()
                    .setConversationId(pair(user, user == i ? i + 1 : i))
                    .setSentAt(LATER));
        }
        return missed.build();
    }

    /** A draft, and what an application keeps with the conversation. */
    UserCommand settings(int user, String conversationId) {
        return UserCommand.newBuilder()
                .setUserId(user(user))
                .setChangeSettings(settingsOf(conversationId))
                .build();
    }

    UserCommand sync(int user) {
        UserCommand.Builder command = UserCommand.newBuilder().setUserId(user(user));
        command.getSyncRequestBuilder().setOrigin(parts.origin()).setMode(SyncMode.FULL);
        return command.build();
    }

    /** Another session watches the user: with an id as long as a gateway's. */
    UserCommand watch(int user, int watcher) {
        UserCommand.Builder command = UserCommand.newBuilder().setUserId(user(user));
        command.getWatchPresenceBuilder()
                .setOrigin(parts.origin().toBuilder().setSessionId(session(10_000 + watcher)))
                .setGatewayEpoch(Long.MAX_VALUE)
                .setWatcherUserId(user(watcher))
                .setVisibility(WatchPresence.Visibility.EVERYONE)
                .setMode(WatchPresence.Mode.START);
        return command.build();
    }

    private ChangeSettings settingsOf(String conversationId) {
        return ChangeSettings.newBuilder()
                .setOrigin(parts.origin())
                .setConversationId(conversationId)
                .setDraft(parts.text(UserCommandCheck.MAX_DRAFT_BYTES))
                .setCustom(parts.bytes(UserCommandCheck.MAX_CUSTOM_BYTES))
                .build();
    }
}
