package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.abbreviated;
import static dev.tidings.schemas.check.CommandCheck.first;
import static dev.tidings.schemas.check.CommandCheck.invalid;
import static dev.tidings.schemas.check.CommandCheck.isAtMost;
import static dev.tidings.schemas.check.CommandCheck.isToken;
import static dev.tidings.schemas.check.CommandCheck.refusal;

import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What can be said against a user's command about himself by looking at nothing but the command. Every method gives the
 * reason against it, or null where there is none.
 */
public final class UserCommandCheck {

    public static final int MAX_DRAFT_BYTES = 4_096;
    public static final int MAX_CUSTOM_BYTES = 4_096;
    public static final int MAX_STATUS_BYTES = 256;
    public static final int MAX_LANGUAGE_BYTES = 35;
    public static final int MAX_CHANNEL_BYTES = 64;
    public static final int MAX_PUSH_TOKEN_BYTES = 4_096;

    private static final int MINUTES_PER_DAY = 24 * 60;
    private static final int SECONDS_PER_DAY = 24 * 60 * 60;

    private UserCommandCheck() {}

    /** Refuses a command that is larger than {@link Limits#USER_COMMAND}, whatever it asks for. */
    public static @Nullable Refusal checkSize(UserCommand command) {
        int size = command.getSerializedSize();
        return size <= Limits.USER_COMMAND
                ? null
                : refusal(
                        Refusal.Reason.COMMAND_TOO_LARGE,
                        "the command has " + size + " bytes; at most " + Limits.USER_COMMAND + " are allowed");
    }

    public static @Nullable Refusal check(String userId, ChangeSettings settings) {
        return first(
                checkConversation(userId, settings.getConversationId()),
                settings.hasAcceptInvitation() && !settings.getAcceptInvitation()
                        ? invalid("acceptInvitation is false; only true is allowed: to decline, leave the group")
                        : null,
                checkLength("draft", settings.getDraft(), MAX_DRAFT_BYTES),
                checkLength("custom", settings.getCustom().size(), MAX_CUSTOM_BYTES));
    }

    public static @Nullable Refusal check(ChangeProfile profile) {
        return first(
                profile.getGroupInvitations() == ChangeProfile.GroupInvitations.UNRECOGNIZED
                        ? invalid("groupInvitations is " + profile.getGroupInvitationsValue()
                                + "; EVERYONE, FRIENDS_AND_PARTNERS and NOBODY are allowed")
                        : null,
                checkLength("status", profile.getStatus(), MAX_STATUS_BYTES),
                check(profile.getNotifications()));
    }

    public static @Nullable Refusal check(RevokeDevice revoke) {
        return checkDevice(revoke.getDeviceId());
    }

    public static @Nullable Refusal check(RegisterPush push) {
        boolean ends = push.getChannel().isEmpty() && push.getToken().isEmpty();
        return first(
                checkDevice(push.getDeviceId()),
                ends || isToken(push.getChannel(), MAX_CHANNEL_BYTES)
                        ? null
                        : invalid("channel must be 1 to " + MAX_CHANNEL_BYTES + " bytes without control characters"),
                ends || isToken(push.getToken(), MAX_PUSH_TOKEN_BYTES)
                        ? null
                        : invalid("token must be 1 to " + MAX_PUSH_TOKEN_BYTES + " bytes without control characters"));
    }

    private static @Nullable Refusal checkConversation(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case null ->
                refusal(
                        Refusal.Reason.INVALID_CONVERSATION_ID,
                        "conversationId must be p:<a>:<b> with the user ids sorted, or g:, s:, b: and an id; it is \""
                                + abbreviated(conversationId) + '"');
            case ConversationId.Private pair
            when pair.withOneself() ->
                refusal(Refusal.Reason.CONVERSATION_WITH_ONESELF, "a private conversation needs two different users");
            case ConversationId.Private pair -> pair.has(userId) ? null : notAMember(userId, conversationId);
            case ConversationId.SystemAccount account ->
                account.id().equals(userId) ? null : notAMember(userId, conversationId);
            case ConversationId.Room _ ->
                refusal(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "a room is nobody's to keep settings of");
            case ConversationId.Group _, ConversationId.Broadcast _ -> null;
        };
    }

    private static Refusal notAMember(String userId, String conversationId) {
        return refusal(Refusal.Reason.NOT_A_MEMBER, userId + " does not belong to " + conversationId);
    }

    private static @Nullable Refusal checkDevice(String deviceId) {
        return isToken(deviceId) ? null : invalid("deviceId must be 1 to 128 bytes without control characters");
    }

    private static @Nullable Refusal check(NotificationSettings settings) {
        return first(
                isLanguage(settings.getLanguage())
                        ? null
                        : invalid("language is \"" + abbreviated(settings.getLanguage())
                                + "\"; a BCP 47 tag of at most " + MAX_LANGUAGE_BYTES + " bytes is allowed"),
                checkMinute("quietFromMinute", settings.getQuietFromMinute()),
                checkMinute("quietUntilMinute", settings.getQuietUntilMinute()),
                settings.getAtMostEverySeconds() >= 0 && settings.getAtMostEverySeconds() <= SECONDS_PER_DAY
                        ? null
                        : invalid("atMostEverySeconds is " + settings.getAtMostEverySeconds() + "; 0 to "
                                + SECONDS_PER_DAY + " are allowed"));
    }

    private static @Nullable Refusal checkLength(String name, String text, int maxBytes) {
        return checkLength(name, text.getBytes(StandardCharsets.UTF_8).length, maxBytes);
    }

    private static @Nullable Refusal checkLength(String name, int bytes, int maxBytes) {
        return bytes <= maxBytes
                ? null
                : invalid(name + " has " + bytes + " bytes; at most " + maxBytes + " are allowed");
    }

    private static @Nullable Refusal checkMinute(String name, int minute) {
        return minute >= 0 && minute < MINUTES_PER_DAY
                ? null
                : invalid(name + " is " + minute + "; 0 to " + (MINUTES_PER_DAY - 1) + " are allowed");
    }

    private static boolean isLanguage(String tag) {
        return isAtMost(tag, MAX_LANGUAGE_BYTES)
                && tag.chars()
                        .allMatch(c ->
                                c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
}
