package dev.tidings.processors.conversation;

import static dev.tidings.processors.conversation.Scene.asSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestRecords;
import dev.tidings.processors.conversation.Decision.Described;
import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.Member;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Role;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UpdateGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Olga owns the group; Ada becomes an admin in some tests; Max and Mia are members; Sam is not a member. */
class GroupRulesTest {

    private final Scene scene = new Scene("g:team");

    @Test
    void the_creator_of_a_group_owns_it_and_belongs_to_it() {
        ConversationEvent event = createGroup(JoinPolicy.OPEN, "max", "mia", "max");

        assertEquals(1, event.getSeq());
        assertEquals(0, event.getMessageIndex());
        assertEquals("olga", event.getGroupCreated().getOwner());
        assertEquals(List.of("max", "mia", "olga"), event.getGroupCreated().getMembersList());
        assertEquals(3, scene.state().group().getMemberCount());
        assertEquals(Role.OWNER, role("olga"));
        assertEquals(Role.MEMBER, role("max"));
    }

    @Test
    void a_group_without_a_policy_is_joined_by_invitation() {
        createGroup(JoinPolicy.JOIN_POLICY_UNSPECIFIED);

        scene.refuses(Refusal.Reason.INVITATION_NEEDED, join("sam"));
    }

    @Test
    void a_group_id_is_never_reused() {
        createGroup(JoinPolicy.OPEN);
        scene.refuses(Refusal.Reason.GROUP_EXISTS, create("sam", JoinPolicy.OPEN));
        scene.accepts(dissolve("olga"));

        scene.refuses(Refusal.Reason.GROUP_EXISTS, create("sam", JoinPolicy.OPEN));
    }

    @Test
    void a_repeated_command_leads_to_one_event() {
        Command create = create("olga", JoinPolicy.OPEN);
        scene.accepts(create);

        Duplicate again = assertInstanceOf(Duplicate.class, scene.when(create));

        assertEquals(1, again.answer().getSeq());
        assertTrue(again.answer().getDuplicate());
    }

    @Test
    void messages_and_changes_share_one_sequence_but_only_messages_count() {
        createGroup(JoinPolicy.OPEN, "max");
        assertEquals(2, scene.accepts(scene.send("max", "m1")).getSeq());
        assertEquals(3, scene.accepts(add("olga", "mia")).getSeq());

        ConversationEvent second = scene.accepts(scene.send("mia", "m1"));

        assertEquals(4, second.getSeq());
        assertEquals(2, second.getMessageIndex());
    }

    @Test
    void non_members_may_not_post_describe_or_change_a_group() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.accepts(scene.send("max", "m1"));
        for (Command command : List.of(
                scene.send("sam", "m1"),
                scene.edit("sam", 2, "no"),
                scene.recall("sam", 2),
                scene.react("sam", 2, "👍"),
                scene.pin("sam", 2),
                add("sam", "sam"),
                rename("sam", "mine"),
                dissolve("sam"),
                describe("sam", "", 0))) {
            scene.refuses(Refusal.Reason.NOT_A_MEMBER, command);
        }
    }

    @Test
    void any_user_may_join_an_open_group() {
        createGroup(JoinPolicy.OPEN);

        ConversationEvent event = scene.accepts(join("sam"));

        assertEquals(MembersAdded.Cause.JOINED, event.getMembersAdded().getCause());
        assertEquals(2, event.getMembersAdded().getMemberCount());
        assertEquals(event.getSeq(), scene.state().member("sam").getJoinedSeq());
        assertInstanceOf(Unchanged.class, scene.when(join("sam")));
    }

    @Test
    void a_join_request_is_decided_by_an_admin() {
        createGroup(JoinPolicy.BY_APPROVAL, "max");
        assertEquals(0, scene.accepts(join("sam")).getSeq());
        assertInstanceOf(Unchanged.class, scene.when(join("sam")));
        scene.refuses(Refusal.Reason.NOT_A_MEMBER, scene.send("sam", "m1"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, decide("max", "sam", true));
        scene.refuses(Refusal.Reason.REQUEST_NOT_FOUND, decide("olga", "mia", true));

        ConversationEvent event = scene.accepts(decide("olga", "sam", true));

        assertEquals(MembersAdded.Cause.APPROVED, event.getMembersAdded().getCause());
        assertEquals("olga", event.getMembersAdded().getBy());
        assertEquals(Role.MEMBER, role("sam"));
        assertInstanceOf(Unchanged.class, scene.when(decide("olga", "sam", true)));
    }

    @Test
    void a_declined_user_may_request_again() {
        createGroup(JoinPolicy.BY_APPROVAL);
        scene.accepts(join("sam"));
        assertEquals(0, scene.accepts(decide("olga", "sam", false)).getSeq());

        assertTrue(scene.accepts(join("sam")).hasJoinRequested());
    }

    @Test
    void members_add_users_by_invitation_but_not_if_joining_needs_approval() {
        createGroup(JoinPolicy.BY_INVITATION, "max");
        assertEquals(
                List.of("mia", "sam"),
                scene.accepts(add("max", "sam", "mia", "max")).getMembersAdded().getUserIdsList());
        scene.accepts(scene.group(
                "olga", group -> group.setUpdate(UpdateGroup.newBuilder().setJoinPolicy(JoinPolicy.BY_APPROVAL))));

        scene.refuses(Refusal.Reason.NOT_ALLOWED, add("max", "tom"));
    }

    @Test
    void a_full_group_accepts_no_more_members() {
        scene.under(FixedRules.of(Policy.newBuilder().setMaxGroupMembers(3)));
        scene.refuses(Refusal.Reason.GROUP_FULL, create("olga", JoinPolicy.OPEN, "a", "b", "c"));
        createGroup(JoinPolicy.OPEN, "max");
        scene.refuses(Refusal.Reason.GROUP_FULL, add("olga", "mia", "sam"));
        scene.accepts(add("olga", "mia"));

        scene.refuses(Refusal.Reason.GROUP_FULL, join("sam"));
    }

    @Test
    void the_policy_can_demand_that_strangers_consent_to_being_added() {
        createGroup(JoinPolicy.OPEN, "max");
        assertFalse(scene.accepts(add("olga", "mia")).getMembersAdded().getStrangersNeedConsent());

        scene.under(FixedRules.of(Policy.newBuilder().setStrangersMayAdd(false)));

        assertTrue(scene.accepts(add("olga", "sam")).getMembersAdded().getStrangersNeedConsent());
    }

    @Test
    void a_member_who_left_has_no_access_and_returns_as_a_member() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.accepts(scene.send("max", "m1"));
        assertEquals(1, scene.accepts(leave("max")).getMemberLeft().getMemberCount());
        scene.refuses(Refusal.Reason.NOT_A_MEMBER, scene.send("max", "m2"));

        long joined = scene.accepts(join("max")).getSeq();

        assertEquals(joined, scene.state().member("max").getJoinedSeq());
    }

    @Test
    void a_message_sent_before_leaving_is_recognized_by_its_name() {
        createGroup(JoinPolicy.OPEN, "max");
        long seq = scene.accepts(scene.send("max", "m1")).getSeq();
        scene.accepts(leave("max"));

        assertEquals(
                seq,
                assertInstanceOf(Duplicate.class, scene.when(scene.send("max", "m1")))
                        .answer()
                        .getSeq());
    }

    @Test
    void the_owner_may_leave_only_after_a_transfer() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.refuses(Refusal.Reason.OWNER_CANNOT_LEAVE, leave("olga"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, transfer("max", "max"));
        scene.refuses(Refusal.Reason.NOT_A_MEMBER, transfer("olga", "sam"));

        ConversationEvent event = scene.accepts(transfer("olga", "max"));

        assertEquals("olga", event.getOwnershipTransferred().getFrom());
        assertEquals(Role.OWNER, role("max"));
        assertEquals(Role.ADMIN, role("olga"));
        scene.accepts(leave("olga"));
        assertEquals(List.of(), scene.state().group().getAdminsList());
    }

    @Test
    void admins_remove_members_and_only_the_owner_removes_admins() {
        createGroup(JoinPolicy.OPEN, "ada", "max", "mia");
        scene.accepts(makeAdmin("ada"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, remove("max", "mia"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, remove("ada", "max", "olga"));
        assertEquals(
                List.of("max"),
                scene.accepts(remove("ada", "max", "sam")).getMembersRemoved().getUserIdsList());
        assertInstanceOf(Unchanged.class, scene.when(remove("ada", "max")));

        scene.accepts(remove("olga", "ada"));

        assertEquals(2, scene.state().group().getMemberCount());
        assertEquals(List.of(), scene.state().group().getAdminsList());
    }

    @Test
    void only_the_owner_sets_roles_and_the_owner_role_is_not_set() {
        createGroup(JoinPolicy.OPEN, "ada", "max");
        scene.refuses(Refusal.Reason.NOT_ALLOWED, setRole("ada", "max", Role.ADMIN));
        scene.refuses(Refusal.Reason.INVALID_ARGUMENT, setRole("olga", "max", Role.OWNER));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, setRole("olga", "olga", Role.MEMBER));
        scene.accepts(setRole("olga", "ada", Role.ADMIN));
        assertInstanceOf(Unchanged.class, scene.when(setRole("olga", "ada", Role.ADMIN)));

        scene.accepts(setRole("olga", "ada", Role.MEMBER));

        assertEquals(List.of(), scene.state().group().getAdminsList());
    }

    @Test
    void a_muted_member_may_not_post_until_the_mute_ends() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.accepts(mute("olga", "max", 60));
        scene.refuses(Refusal.Reason.MUTED, scene.send("max", "m1"));
        assertInstanceOf(Unchanged.class, scene.when(mute("olga", "max", 60)));
        scene.later(60);

        scene.accepts(scene.send("max", "m1"));
    }

    @Test
    void only_lower_roles_can_be_muted_and_a_mute_can_be_lifted() {
        createGroup(JoinPolicy.OPEN, "ada", "max");
        scene.accepts(makeAdmin("ada"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, mute("max", "ada", 60));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, mute("ada", "olga", 60));
        scene.refuses(Refusal.Reason.NOT_A_MEMBER, mute("ada", "sam", 60));
        scene.accepts(mute("ada", "max", 60));

        scene.refuses(Refusal.Reason.INVALID_ARGUMENT, mute("ada", "max", 0));
        assertFalse(scene.accepts(unmute("ada", "max")).getMemberMuted().hasUntil());

        scene.accepts(scene.send("max", "m1"));
    }

    @Test
    void while_all_are_muted_the_owner_and_admins_may_post() {
        createGroup(JoinPolicy.OPEN, "ada", "max");
        scene.accepts(makeAdmin("ada"));
        scene.refuses(Refusal.Reason.NOT_ALLOWED, muteAll("max", true));
        scene.accepts(muteAll("ada", true));
        assertInstanceOf(Unchanged.class, scene.when(muteAll("ada", true)));
        scene.refuses(Refusal.Reason.MUTED, scene.send("max", "m1"));
        scene.accepts(scene.send("ada", "m1"));
        scene.accepts(muteAll("olga", false));

        scene.accepts(scene.send("max", "m1"));
    }

    @Test
    void an_update_names_the_changed_fields() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.refuses(Refusal.Reason.NOT_ALLOWED, rename("max", "Max's"));
        assertInstanceOf(Unchanged.class, scene.when(rename("olga", "The team")));

        ConversationEvent event = scene.accepts(scene.group(
                "olga",
                group -> group.setUpdate(UpdateGroup.newBuilder()
                        .setName("Us")
                        .setAnnouncement("Cake at four")
                        .setHistoryFromStart(true))));

        assertEquals(
                List.of("name", "announcement", "history_from_start"),
                event.getGroupUpdated().getChangedList());
        assertEquals("Us", scene.state().group().getProfile().getName());
        assertEquals(JoinPolicy.OPEN, scene.state().group().getProfile().getJoinPolicy());
    }

    @Test
    void only_the_owner_dissolves_and_then_all_commands_are_refused() {
        createGroup(JoinPolicy.OPEN, "max");
        scene.refuses(Refusal.Reason.NOT_ALLOWED, dissolve("max"));
        scene.accepts(dissolve("olga"));

        scene.refuses(Refusal.Reason.GROUP_DISSOLVED, scene.send("olga", "m1"));
        scene.refuses(Refusal.Reason.GROUP_DISSOLVED, join("max"));
        scene.refuses(Refusal.Reason.GROUP_DISSOLVED, asSystem(scene.send("olga", "m1")));
        scene.refuses(Refusal.Reason.GROUP_DISSOLVED, dissolve("olga"));
        assertInstanceOf(Unchanged.class, scene.when(asSystem(dissolve(""))));
    }

    @Test
    void beyond_the_threshold_a_group_is_large_and_stays_so() {
        scene.under(FixedRules.of(Policy.newBuilder().setLargeGroupThreshold(3)));
        createGroup(JoinPolicy.OPEN, "max", "mia");
        assertFalse(scene.state().head().getLarge());
        assertTrue(scene.accepts(add("olga", "sam")).getMembersAdded().getBecameLarge());
        scene.accepts(leave("sam"));
        assertTrue(scene.state().head().getLarge());

        assertFalse(scene.accepts(add("olga", "sam")).getMembersAdded().getBecameLarge());
    }

    @Test
    void the_operator_has_the_rights_of_the_owner() {
        createGroup(JoinPolicy.BY_INVITATION, "max");
        scene.accepts(asSystem(add("", "sam")));
        scene.accepts(asSystem(mute("", "olga", 60)));
        scene.refuses(Refusal.Reason.MUTED, scene.send("olga", "m1"));
        scene.accepts(asSystem(scene.send("", "news")));
        scene.refuses(Refusal.Reason.OWNER_CANNOT_LEAVE, asSystem(remove("", "sam", "olga")));
        scene.accepts(asSystem(transfer("", "max")));
        scene.accepts(asSystem(remove("", "olga")));

        assertEquals("max", scene.state().group().getOwner());
        assertEquals(Role.OWNER, role("max"));
    }

    @Test
    void a_description_shows_members_page_by_page() {
        createGroup(JoinPolicy.BY_APPROVAL, "ada", "max", "mia");
        scene.accepts(join("sam"));

        GroupDescription first = described(describe("max", "", 3));
        assertEquals(
                List.of("ada", "max", "mia"),
                first.getMembersList().stream().map(Member::getUserId).toList());
        assertTrue(first.getMoreMembers());
        assertEquals(4, first.getMemberCount());
        assertEquals(0, first.getRequestsCount());
        GroupDescription second = described(describe("olga", "mia", 3));
        assertEquals(
                List.of("olga"),
                second.getMembersList().stream().map(Member::getUserId).toList());
        assertFalse(second.getMoreMembers());
        assertEquals("sam", second.getRequests(0).getUserId());
    }

    @Test
    void rooms_have_no_members_but_the_operator_can_mute_users() {
        Scene room = new Scene("r:lobby");
        room.accepts(room.send("sam", "m1"));
        room.refuses(
                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                room.group("sam", group -> group.setJoin(JoinGroup.newBuilder())));
        Command mute = room.group(
                "",
                group -> group.setMuteMember(
                        MuteMember.newBuilder().setUserId("sam").setUntil(TestRecords.at(1_000))));
        room.refuses(
                Refusal.Reason.NOT_ALLOWED, mute.toBuilder().setActor("max").build());

        room.accepts(asSystem(mute));

        room.refuses(Refusal.Reason.MUTED, room.send("sam", "m2"));
        room.accepts(room.send("max", "m1"));
    }

    private ConversationEvent createGroup(JoinPolicy policy, String... members) {
        return scene.accepts(create("olga", policy, members));
    }

    private Command create(String actor, JoinPolicy policy, String... members) {
        return scene.group(
                actor,
                group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(
                                GroupProfile.newBuilder().setName("The team").setJoinPolicy(policy))
                        .addAllMembers(List.of(members))));
    }

    private Command add(String actor, String... userIds) {
        return scene.group(
                actor, group -> group.setAddMembers(AddMembers.newBuilder().addAllUserIds(List.of(userIds))));
    }

    private Command remove(String actor, String... userIds) {
        return scene.group(
                actor,
                group -> group.setRemoveMembers(RemoveMembers.newBuilder().addAllUserIds(List.of(userIds))));
    }

    private Command join(String actor) {
        return scene.group(actor, group -> group.setJoin(JoinGroup.newBuilder().setNote("please")));
    }

    private Command leave(String actor) {
        return scene.group(actor, group -> group.setLeave(LeaveGroup.newBuilder()));
    }

    private Command decide(String actor, String userId, boolean approve) {
        return scene.group(
                actor,
                group -> group.setDecideJoin(
                        DecideJoin.newBuilder().setUserId(userId).setApprove(approve)));
    }

    private Command transfer(String actor, String userId) {
        return scene.group(
                actor,
                group -> group.setTransferOwnership(
                        TransferOwnership.newBuilder().setUserId(userId)));
    }

    private Command makeAdmin(String userId) {
        return setRole("olga", userId, Role.ADMIN);
    }

    private Command setRole(String actor, String userId, Role role) {
        return scene.group(
                actor,
                group -> group.setSetRole(SetRole.newBuilder().setUserId(userId).setRole(role)));
    }

    private Command unmute(String actor, String userId) {
        return scene.group(
                actor, group -> group.setMuteMember(MuteMember.newBuilder().setUserId(userId)));
    }

    private Command mute(String actor, String userId, long untilSeconds) {
        return scene.group(
                actor,
                group -> group.setMuteMember(
                        MuteMember.newBuilder().setUserId(userId).setUntil(TestRecords.at(untilSeconds))));
    }

    private Command muteAll(String actor, boolean muted) {
        return scene.group(actor, group -> group.setMuteAll(MuteAll.newBuilder().setMuted(muted)));
    }

    private Command rename(String actor, String name) {
        return scene.group(
                actor, group -> group.setUpdate(UpdateGroup.newBuilder().setName(name)));
    }

    private Command dissolve(String actor) {
        return scene.group(actor, group -> group.setDissolve(DissolveGroup.newBuilder()));
    }

    private Command describe(String actor, String after, int limit) {
        return scene.group(
                actor,
                group -> group.setDescribe(
                        DescribeGroup.newBuilder().setAfterUserId(after).setLimit(limit)));
    }

    private GroupDescription described(Command command) {
        return assertInstanceOf(Described.class, scene.when(command)).description();
    }

    private Role role(String userId) {
        return scene.state().member(userId).getRole();
    }
}
