package dev.tidings.gateway.api;

import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be said against a user's command about himself by looking at nothing but the command. INBOX decides the rest. */
final class UserCommandCheck {

    static final int MAX_DRAFT_BYTES = 4_096;
    static final int MAX_CUSTOM_BYTES = 4_096;
    static final int MAX_STATUS_BYTES = 256;
    static final int MAX_CHANNEL_BYTES = 64;
    static final int MAX_TOKEN_BYTES = 4_096;

    private static final int MINUTES_PER_DAY = 24 * 60;
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{0,35}");

    private UserCommandCheck() {}

    static @Nullable Refusal check(UserCommand command) {
        return switch (command.getBodyCase()) {
            case CHANGE_SETTINGS -> check(command.getUserId(), command.getChangeSettings());
            case CHANGE_PROFILE -> check(command.getChangeProfile());
            case REVOKE_DEVICE -> checkDevice(command.getRevokeDevice().getDeviceId());
            case REGISTER_PUSH -> check(command.getRegisterPush());
            case OPEN_SESSION,
                    CLOSE_SESSION,
                    SYNC_REQUEST,
                    ACCESS_REQUEST,
                    WATCH_PRESENCE,
                    DEVICES_REQUEST,
                    GATEWAY_GONE,
                    UNDELIVERED,
                    BODY_NOT_SET -> null;
        };
    }

    private static @Nullable Refusal check(String userId, ChangeSettings settings) {
        ConversationId id = ConversationId.parse(settings.getConversationId());
        if (id == null) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_CONVERSATION_ID, "conversationId is no conversation's");
        }
        if (!mayConcern(userId, id)) {
            return CommandCheck.refusal(
                    Refusal.Reason.NOT_A_MEMBER, userId + " does not belong to " + settings.getConversationId());
        }
        boolean isEmpty = !settings.hasPinned()
                && !settings.hasMuted()
                && !settings.hasHidden()
                && !settings.hasDraft()
                && !settings.hasCustom();
        if (isEmpty) {
            return invalid("settings must say what is to change: pinned, muted, hidden, draft, custom");
        }
        if (bytes(settings.getDraft()) > MAX_DRAFT_BYTES) {
            return invalid("draft must be at most " + MAX_DRAFT_BYTES + " bytes");
        }
        return settings.getCustom().size() > MAX_CUSTOM_BYTES
                ? invalid("custom must be at most " + MAX_CUSTOM_BYTES + " bytes")
                : null;
    }

    /** Who belongs to a group INBOX knows. */
    private static boolean mayConcern(String userId, ConversationId id) {
        return switch (id) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.SystemAccount account -> account.id().equals(userId);
            case ConversationId.Group ignored -> true;
            case ConversationId.Room ignored -> true;
            case ConversationId.Broadcast ignored -> true;
        };
    }

    private static @Nullable Refusal check(ChangeProfile profile) {
        if (!profile.hasStatus() && !profile.hasNotifications()) {
            return invalid("profile must say what is to change: status, notifications");
        }
        if (bytes(profile.getStatus()) > MAX_STATUS_BYTES) {
            return invalid("status must be at most " + MAX_STATUS_BYTES + " bytes");
        }
        NotificationSettings notifications = profile.getNotifications();
        if (!LANGUAGE.matcher(notifications.getLanguage()).matches()) {
            return invalid("language must be one of BCP 47, such as de or zh-Hans");
        }
        if (!isMinuteOfDay(notifications.getQuietFromMinute()) || !isMinuteOfDay(notifications.getQuietUntilMinute())) {
            return invalid("quietFromMinute and quietUntilMinute must be 0 to " + (MINUTES_PER_DAY - 1));
        }
        return notifications.getAtMostEverySeconds() < 0 ? invalid("atMostEverySeconds must not be negative") : null;
    }

    private static boolean isMinuteOfDay(int minute) {
        return minute >= 0 && minute < MINUTES_PER_DAY;
    }

    private static @Nullable Refusal check(RegisterPush push) {
        if (push.getChannel().isEmpty() && push.getToken().isEmpty()) {
            return checkDevice(push.getDeviceId());
        }
        if (push.getChannel().isEmpty() || bytes(push.getChannel()) > MAX_CHANNEL_BYTES) {
            return invalid("channel must be 1 to " + MAX_CHANNEL_BYTES + " bytes");
        }
        if (push.getToken().isEmpty() || bytes(push.getToken()) > MAX_TOKEN_BYTES) {
            return invalid("token must be 1 to " + MAX_TOKEN_BYTES + " bytes");
        }
        return checkDevice(push.getDeviceId());
    }

    private static @Nullable Refusal checkDevice(String deviceId) {
        return CommandCheck.isToken(deviceId)
                ? null
                : invalid("deviceId must be 1 to 128 bytes without control characters");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Refusal invalid(String message) {
        return CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, message);
    }
}
