package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserCommandCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"p:alice:bob", "p:bob:zoe", "g:team", "s:bob", "b:news"})
    void settings_are_allowed_for_the_users_conversations(String conversationId) {
        assertNull(UserCommandCheck.check("bob", settings(conversationId).build()));
    }

    @ParameterizedTest
    @CsvSource({
        "p:alice:zoe, NOT_A_MEMBER",
        "s:alice, NOT_A_MEMBER",
        "p:bob:bob, CONVERSATION_WITH_ONESELF",
        "r:lobby, WRONG_KIND_OF_CONVERSATION",
        "p:bob:alice, INVALID_CONVERSATION_ID",
        "'', INVALID_CONVERSATION_ID"
    })
    void settings_of_other_conversations_are_refused(String conversationId, Refusal.Reason reason) {
        assertRefused(
                reason, UserCommandCheck.check("bob", settings(conversationId).build()));
    }

    @Test
    void a_whole_command_has_at_most_192_kilobytes() {
        int overhead = undelivered(100_000).getSerializedSize() - 100_000;

        UserCommand largest = undelivered(Limits.USER_COMMAND - overhead);

        assertEquals(196_608, largest.getSerializedSize());
        assertNull(UserCommandCheck.checkSize(largest));
        assertRefused(
                Refusal.Reason.COMMAND_TOO_LARGE,
                UserCommandCheck.checkSize(undelivered(Limits.USER_COMMAND - overhead + 1)));
    }

    private static UserCommand undelivered(int sessionIdBytes) {
        return UserCommand.newBuilder()
                .setUserId("bob")
                .setUndelivered(Undelivered.newBuilder().setSessionId("s".repeat(sessionIdBytes)))
                .build();
    }

    @Test
    void accept_invitation_cannot_be_false() {
        assertNull(UserCommandCheck.check(
                "bob", settings("g:team").setAcceptInvitation(true).build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        "bob", settings("g:team").setAcceptInvitation(false).build()));
    }

    @Test
    void unknown_group_invitations_are_refused() {
        assertNull(UserCommandCheck.check(ChangeProfile.newBuilder()
                .setGroupInvitations(ChangeProfile.GroupInvitations.NOBODY)
                .build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        ChangeProfile.newBuilder().setGroupInvitationsValue(99).build()));
    }

    @Test
    void drafts_and_custom_bytes_have_at_most_4096_bytes() {
        assertNull(UserCommandCheck.check(
                "bob",
                settings("g:team")
                        .setDraft("é".repeat(2_048))
                        .setCustom(ByteString.copyFrom(new byte[4_096]))
                        .build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        "bob", settings("g:team").setDraft("é".repeat(2_049)).build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        "bob",
                        settings("g:team")
                                .setCustom(ByteString.copyFrom(new byte[4_097]))
                                .build()));
    }

    @Test
    void a_status_has_at_most_256_bytes() {
        assertNull(UserCommandCheck.check(
                ChangeProfile.newBuilder().setStatus("x".repeat(256)).build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        ChangeProfile.newBuilder().setStatus("x".repeat(257)).build()));
    }

    @ParameterizedTest
    @CsvSource({
        "de, 0, 1439, 0, true",
        "zh-Hans, 1320, 420, 86400, true",
        "'', 0, 0, 0, true",
        "de_DE, 0, 0, 0, false",
        "../../etc, 0, 0, 0, false",
        "de, -1, 0, 0, false",
        "de, 1440, 0, 0, false",
        "de, 0, 1440, 0, false",
        "de, 0, 0, -1, false",
        "de, 0, 0, 86401, false"
    })
    void notification_settings_have_a_language_tag_and_minutes_of_a_day(
            String language, int from, int until, int everySeconds, boolean allowed) {
        Refusal refusal = UserCommandCheck.check(ChangeProfile.newBuilder()
                .setNotifications(NotificationSettings.newBuilder()
                        .setLanguage(language)
                        .setQuietFromMinute(from)
                        .setQuietUntilMinute(until)
                        .setAtMostEverySeconds(everySeconds))
                .build());

        assertEquals(allowed, refusal == null, () -> "" + refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "phone, log, t1, true",
        "phone, '', '', true",
        "'', log, t1, false",
        "phone, '', t1, false",
        "phone, log, '', false"
    })
    void push_needs_a_device_and_both_channel_and_token_or_neither(
            String deviceId, String channel, String token, boolean allowed) {
        Refusal refusal = UserCommandCheck.check(push(deviceId, channel, token));

        assertEquals(allowed, refusal == null, () -> "" + refusal);
    }

    @Test
    void channels_and_tokens_have_limits() {
        assertNull(UserCommandCheck.check(push("phone", "c".repeat(64), "t".repeat(4_096))));
        assertRefused(Refusal.Reason.INVALID_ARGUMENT, UserCommandCheck.check(push("phone", "c".repeat(65), "t")));
        assertRefused(Refusal.Reason.INVALID_ARGUMENT, UserCommandCheck.check(push("phone", "log", "t".repeat(4_097))));
        assertRefused(Refusal.Reason.INVALID_ARGUMENT, UserCommandCheck.check(push("phone", "log", "t\n")));
    }

    @Test
    void a_device_to_revoke_has_a_valid_id() {
        assertNull(UserCommandCheck.check(
                RevokeDevice.newBuilder().setDeviceId("phone").build()));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                UserCommandCheck.check(
                        RevokeDevice.newBuilder().setDeviceId("x".repeat(129)).build()));
    }

    private static ChangeSettings.Builder settings(String conversationId) {
        return ChangeSettings.newBuilder().setConversationId(conversationId);
    }

    private static RegisterPush push(String deviceId, String channel, String token) {
        return RegisterPush.newBuilder()
                .setDeviceId(deviceId)
                .setChannel(channel)
                .setToken(token)
                .build();
    }

    private static void assertRefused(Refusal.Reason reason, @Nullable Refusal refusal) {
        assertNotNull(refusal);
        assertEquals(reason, refusal.getReason());
    }
}
