package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Role;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UpdateGroup;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupCheckTest {

    private static final GroupProfile TEAM =
            GroupProfile.newBuilder().setName("team").build();

    @Test
    void valid_commands_are_allowed() {
        List<GroupCommand> commands = List.of(
                create(TEAM),
                create(TEAM, "alice", "bob"),
                update(UpdateGroup.newBuilder()),
                update(UpdateGroup.newBuilder().setName("new").setMaxMembers(0).setHistoryFromStart(true)),
                add("alice"),
                group().setJoin(JoinGroup.newBuilder().setNote("let me in")).build(),
                group().setDecideJoin(DecideJoin.newBuilder().setUserId("bob")).build(),
                group().setLeave(LeaveGroup.getDefaultInstance()).build(),
                group().setRemoveMembers(RemoveMembers.newBuilder().addUserIds("bob"))
                        .build(),
                role(Role.ADMIN_VALUE),
                role(Role.MEMBER_VALUE),
                group().setTransferOwnership(TransferOwnership.newBuilder().setUserId("bob"))
                        .build(),
                mute(Timestamp.newBuilder().setSeconds(1)),
                group().setMuteMember(MuteMember.newBuilder().setUserId("bob")).build(),
                group().setMuteAll(MuteAll.newBuilder().setMuted(true)).build(),
                group().setDissolve(DissolveGroup.getDefaultInstance()).build(),
                describe("", 0),
                describe("bob", 1_000));

        for (GroupCommand command : commands) {
            assertNull(GroupCheck.check(command), command::toString);
        }
    }

    @Test
    void a_command_without_a_body_is_refused() {
        assertRefused(Refusal.Reason.INVALID_ARGUMENT, group().build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u2003\n"})
    void a_blank_name_is_refused(String name) {
        assertInvalid("name", create(profile().setName(name).build()));
        assertInvalid("name", update(UpdateGroup.newBuilder().setName(name)));
    }

    @Test
    void texts_have_limits_in_bytes() {
        assertNull(check(create(profile().setName("ä".repeat(128)).build())));
        assertInvalid("name", create(profile().setName("ä".repeat(129)).build()));
        assertInvalid("name", update(UpdateGroup.newBuilder().setName("x".repeat(257))));
        String url = "https://media.example/";
        String longest = url + "x".repeat(1_024 - url.length());
        assertNull(check(create(profile().setAvatarUrl(longest).build())));
        assertInvalid("avatarUrl", create(profile().setAvatarUrl(longest + "x").build()));
        assertInvalid("avatarUrl", update(UpdateGroup.newBuilder().setAvatarUrl(longest + "x")));
        assertInvalid("avatarUrl", update(UpdateGroup.newBuilder().setAvatarUrl("javascript:alert(1)")));
        assertNull(check(create(profile()
                .setDescription("x".repeat(4_096))
                .setAnnouncement("好".repeat(1_365))
                .build())));
        assertInvalid(
                "description",
                create(profile().setDescription("x".repeat(4_097)).build()));
        assertInvalid("description", update(UpdateGroup.newBuilder().setDescription("x".repeat(4_097))));
        assertInvalid(
                "announcement",
                create(profile().setAnnouncement("好".repeat(1_366)).build()));
        assertInvalid("announcement", update(UpdateGroup.newBuilder().setAnnouncement("好".repeat(1_366))));
        assertInvalid(
                "note",
                group().setJoin(JoinGroup.newBuilder().setNote("x".repeat(501))).build());
    }

    @Test
    void an_unknown_join_policy_is_refused() {
        for (JoinPolicy known : List.of(
                JoinPolicy.JOIN_POLICY_UNSPECIFIED,
                JoinPolicy.OPEN,
                JoinPolicy.BY_APPROVAL,
                JoinPolicy.BY_INVITATION)) {
            assertNull(check(create(profile().setJoinPolicy(known).build())));
        }
        for (int unknown : new int[] {4, -1, Integer.MAX_VALUE}) {
            assertInvalid(
                    "joinPolicy", create(profile().setJoinPolicyValue(unknown).build()));
            assertInvalid("joinPolicy", update(UpdateGroup.newBuilder().setJoinPolicyValue(unknown)));
        }
    }

    @Test
    void only_admin_and_member_can_be_set_as_role() {
        for (int other : new int[] {Role.ROLE_UNSPECIFIED_VALUE, Role.OWNER_VALUE, 4, -1, Integer.MIN_VALUE}) {
            assertInvalid("role", role(other));
        }
    }

    @Test
    void max_members_is_not_negative() {
        assertInvalid("maxMembers", create(profile().setMaxMembers(-1).build()));
        assertInvalid("maxMembers", update(UpdateGroup.newBuilder().setMaxMembers(-1)));
    }

    @Test
    void lists_of_users_have_limits() {
        String[] most = users(1_000);
        String[] tooMany = users(1_001);
        assertNull(check(create(TEAM, most)));
        assertInvalid("members", create(TEAM, tooMany));
        assertNull(check(add(most)));
        assertInvalid("userIds", add(tooMany));
        assertInvalid("userIds", add());
        assertInvalid(
                "userIds",
                group().setRemoveMembers(RemoveMembers.getDefaultInstance()).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a b", "a\u0000b", "ä"})
    void invalid_user_ids_are_refused(String userId) {
        List<GroupCommand> commands = List.of(
                create(TEAM, "alice", userId),
                add("alice", userId),
                group().setRemoveMembers(RemoveMembers.newBuilder().addUserIds(userId))
                        .build(),
                group().setDecideJoin(DecideJoin.newBuilder().setUserId(userId)).build(),
                group().setSetRole(SetRole.newBuilder().setUserId(userId).setRole(Role.ADMIN))
                        .build(),
                group().setTransferOwnership(TransferOwnership.newBuilder().setUserId(userId))
                        .build(),
                group().setMuteMember(MuteMember.newBuilder().setUserId(userId)).build());

        for (GroupCommand command : commands) {
            assertRefused(Refusal.Reason.INVALID_USER_ID, command);
        }
    }

    @Test
    void until_is_a_valid_time() {
        assertInvalid("until", mute(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
        assertInvalid("until", mute(Timestamp.newBuilder().setNanos(-1)));
    }

    @Test
    void a_page_of_members_has_a_limit_and_a_valid_start() {
        assertInvalid("limit", describe("", -1));
        assertInvalid("limit", describe("", 1_001));
        assertRefused(Refusal.Reason.INVALID_USER_ID, describe("\u0001", 10));
    }

    private static void assertInvalid(String expected, GroupCommand command) {
        Refusal refusal = check(command);
        assertTrue(refusal != null && refusal.getMessage().contains(expected), () -> command + " is " + refusal);
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
    }

    private static void assertRefused(Refusal.Reason reason, GroupCommand command) {
        Refusal refusal = check(command);
        assertTrue(refusal != null && refusal.getReason() == reason, () -> command + " is " + refusal);
    }

    private static @Nullable Refusal check(GroupCommand command) {
        return GroupCheck.check(command);
    }

    private static GroupCommand.Builder group() {
        return GroupCommand.newBuilder().setConversationId("g:team");
    }

    private static GroupProfile.Builder profile() {
        return TEAM.toBuilder();
    }

    private static GroupCommand create(GroupProfile profile, String... members) {
        return group().setCreate(CreateGroup.newBuilder().setProfile(profile).addAllMembers(List.of(members)))
                .build();
    }

    private static GroupCommand update(UpdateGroup.Builder update) {
        return group().setUpdate(update).build();
    }

    private static GroupCommand add(String... userIds) {
        return group().setAddMembers(AddMembers.newBuilder().addAllUserIds(List.of(userIds)))
                .build();
    }

    private static GroupCommand role(int role) {
        return group().setSetRole(SetRole.newBuilder().setUserId("bob").setRoleValue(role))
                .build();
    }

    private static GroupCommand mute(Timestamp.Builder until) {
        return group().setMuteMember(MuteMember.newBuilder().setUserId("bob").setUntil(until))
                .build();
    }

    private static GroupCommand describe(String after, int limit) {
        return group().setDescribe(
                        DescribeGroup.newBuilder().setAfterUserId(after).setLimit(limit))
                .build();
    }

    private static String[] users(int count) {
        return IntStream.range(0, count).mapToObj(i -> "u" + i).toArray(String[]::new);
    }
}
