package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkId;
import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.checkRange;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.UserCommand;
import org.jspecify.annotations.Nullable;

/** Checks commands of users about their own state. Every method returns the refusal of the command, or null if it is allowed. */
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

    /** Refuses a command that is larger than {@link #maxBytes}. */
    public static @Nullable Refusal checkSize(UserCommand command) {
        int size = command.getSerializedSize();
        return size <= maxBytes(command)
                ? null
                : Refusals.of(
                        Refusal.Reason.COMMAND_TOO_LARGE,
                        "the command has " + size + " bytes; at most " + maxBytes(command) + " are allowed");
    }

    /** {@link Limits#RULES_COMMAND} for rules, which only operators change; {@link Limits#USER_COMMAND} for all others. */
    public static int maxBytes(UserCommand command) {
        return command.hasRules() ? Limits.RULES_COMMAND : Limits.USER_COMMAND;
    }

    public static @Nullable Refusal check(String userId, ChangeSettings settings) {
        return first(
                checkConversation(userId, settings.getConversationId()),
                settings.hasAcceptInvitation() && !settings.getAcceptInvitation()
                        ? invalid("acceptInvitation is false; only true is allowed (leave the group to decline)")
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
        boolean isRemoval = push.getChannel().isEmpty() && push.getToken().isEmpty();
        return first(
                checkDevice(push.getDeviceId()),
                isRemoval ? null : checkId("channel", push.getChannel(), MAX_CHANNEL_BYTES),
                isRemoval || ExternalId.isValid(push.getToken(), MAX_PUSH_TOKEN_BYTES)
                        ? null
                        : invalid("token is not allowed; it must have 1 to " + MAX_PUSH_TOKEN_BYTES
                                + " bytes without control characters"));
    }

    private static @Nullable Refusal checkConversation(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case null ->
                Refusals.of(
                        Refusal.Reason.INVALID_CONVERSATION_ID,
                        "conversationId is " + quoted(conversationId)
                                + "; p:<a>:<b> with sorted user ids, g:<id>, s:<id> and b:<id> are allowed");
            case ConversationId.Private pair
            when pair.withOneself() ->
                Refusals.of(
                        Refusal.Reason.CONVERSATION_WITH_ONESELF, "a private conversation needs two different users");
            case ConversationId.Private pair -> pair.has(userId) ? null : notAMember(userId, conversationId);
            case ConversationId.SystemAccount account ->
                account.id().equals(userId) ? null : notAMember(userId, conversationId);
            case ConversationId.Room _ ->
                Refusals.of(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "a room has no settings");
            case ConversationId.Group _, ConversationId.Broadcast _ -> null;
        };
    }

    private static Refusal notAMember(String userId, String conversationId) {
        return Refusals.of(Refusal.Reason.NOT_A_MEMBER, userId + " is not a member of " + conversationId);
    }

    private static @Nullable Refusal checkDevice(String deviceId) {
        return checkId("deviceId", deviceId);
    }

    private static @Nullable Refusal check(NotificationSettings settings) {
        return first(
                isLanguage(settings.getLanguage())
                        ? null
                        : invalid("language is " + quoted(settings.getLanguage()) + "; a BCP 47 tag of at most "
                                + MAX_LANGUAGE_BYTES + " bytes is allowed"),
                checkRange("quietFromMinute", settings.getQuietFromMinute(), 0, MINUTES_PER_DAY - 1),
                checkRange("quietUntilMinute", settings.getQuietUntilMinute(), 0, MINUTES_PER_DAY - 1),
                checkRange("atMostEverySeconds", settings.getAtMostEverySeconds(), 0, SECONDS_PER_DAY));
    }

    private static boolean isLanguage(String tag) {
        return tag.length() <= MAX_LANGUAGE_BYTES
                && tag.chars()
                        .allMatch(c ->
                                c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
}
