package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.processors.TestRecords;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who have left a group, were removed, or whose group was dissolved. */
class FormerMembersTest {

    private final Scene team = new Scene("g:team");

    @BeforeEach
    void createGroup() {
        team.accepts(team.group(
                "olga",
                group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(
                                GroupProfile.newBuilder().setName("The team").setJoinPolicy(JoinPolicy.OPEN))
                        .addAllMembers(List.of("max", "mia")))));
        for (int i = 0; i < 3; i++) {
            team.accepts(team.send("olga", "m" + i));
        }
    }

    @Test
    void leaving_and_joining_does_not_shed_a_mute() {
        mute("max", 600);
        leave("max");
        join("max");

        team.refuses(Refusal.Reason.MUTED, team.send("max", "m1"));
        team.later(600);
        team.accepts(team.send("max", "m1"));
    }

    @Test
    void being_removed_and_added_does_not_shed_a_mute() {
        mute("max", 600);
        remove("max");
        team.accepts(team.group(
                "mia", group -> group.setAddMembers(AddMembers.newBuilder().addUserIds("max"))));

        team.refuses(Refusal.Reason.MUTED, team.send("max", "m1"));
    }

    @Test
    void a_member_who_left_can_mark_as_read_and_delete_for_themselves() {
        leave("max");
        assertOwnAffairs("max");
        team.refuses(Refusal.Reason.NOT_A_MEMBER, team.send("max", "m1"));
    }

    @Test
    void a_removed_member_can_mark_as_read_and_delete_for_themselves() {
        remove("max");
        assertOwnAffairs("max");
    }

    @Test
    void members_of_a_dissolved_group_can_mark_as_read_and_delete_for_themselves() {
        team.accepts(team.group("olga", group -> group.setDissolve(DissolveGroup.newBuilder())));
        assertOwnAffairs("max");
        assertOwnAffairs("olga");
        team.refuses(Refusal.Reason.GROUP_DISSOLVED, team.send("max", "m1"));
    }

    @Test
    void a_member_who_left_before_the_group_was_dissolved_can_mark_as_read() {
        leave("max");
        team.accepts(team.group("olga", group -> group.setDissolve(DissolveGroup.newBuilder())));
        assertOwnAffairs("max");
    }

    @Test
    void a_user_who_never_belonged_cannot_mark_as_read_or_delete() {
        team.refuses(Refusal.Reason.NOT_A_MEMBER, read("sam", 1));
        team.refuses(Refusal.Reason.NOT_A_MEMBER, team.delete("sam", delete -> delete.addSeqs(1)));
        team.accepts(team.group("olga", group -> group.setDissolve(DissolveGroup.newBuilder())));
        team.refuses(Refusal.Reason.GROUP_DISSOLVED, read("sam", 1));
    }

    @Test
    void a_member_who_left_reads_up_to_their_last_event() {
        long left = leave("max").getSeq();
        team.accepts(team.send("olga", "later"));

        team.refuses(Refusal.Reason.SEQ_OUT_OF_RANGE, read("max", left + 1));
        team.accepts(read("max", left));
    }

    @Test
    void read_position_and_deleted_ranges_are_kept_when_a_member_returns() {
        for (int i = 0; i < ReadingRules.MAX_DELETED_RANGES; i++) {
            team.accepts(team.send("olga", "more" + i));
            team.accepts(team.send("olga", "and" + i));
        }
        int deleted = 0;
        while (deleted < ReadingRules.MAX_DELETED_RANGES) {
            long seq = 2 + 2L * deleted++;
            team.accepts(team.delete("max", delete -> delete.addSeqs(seq)));
        }
        team.accepts(read("max", 4));
        leave("max");
        join("max");

        assertEquals(4, team.state().member("max").getReadSeq());
        assertEquals(Role.MEMBER, team.state().member("max").getRole());
        assertEquals(0, team.state().formerMember("max").getReadSeq());
        team.refuses(Refusal.Reason.TOO_MANY, team.delete("max", delete -> delete.addSeqs(2_003)));
    }

    @Test
    void a_message_does_not_read_former_members() {
        leave("max");

        assertEquals(
                Set.of("mia", "olga"), team.audience(team.send("mia", "m1")).users());
        team.state().visitMembers("", (userId, member) -> {
            assertEquals(true, member.getRole() != Role.ROLE_UNSPECIFIED, userId);
            return true;
        });
    }

    @Test
    void edits_and_recalls_reach_former_members_whom_the_message_mentions_and_no_others() {
        long mentioning = team.accepts(team.send(
                        "olga",
                        "mentioning",
                        send -> send.setMentions(Mentions.newBuilder().addUserIds("max"))))
                .getSeq();
        long other = team.accepts(team.send("olga", "other")).getSeq();
        leave("max");

        assertEquals(
                Set.of("max", "mia", "olga"),
                team.audience(team.edit("olga", mentioning, "new")).users());
        assertEquals(
                Set.of("max", "mia", "olga"),
                team.audience(team.recall("olga", mentioning)).users());
        assertEquals(
                Set.of("mia", "olga"),
                team.audience(team.edit("olga", other, "new")).users());
        assertEquals(
                Set.of("mia", "olga"), team.audience(team.recall("olga", other)).users());
    }

    private void assertOwnAffairs(String user) {
        ConversationEvent read = team.accepts(read(user, 4));
        assertEquals(4, read.getReadAdvanced().getReadSeq());
        assertEquals(3, read.getReadAdvanced().getReadIndex());
        assertInstanceOf(Unchanged.class, team.when(read(user, 4)));
        team.accepts(team.delete(user, delete -> delete.setUpToSeq(3)));
        assertInstanceOf(Unchanged.class, team.when(team.delete(user, delete -> delete.setUpToSeq(3))));
        assertEquals(
                Set.of(user),
                team.audience(team.delete(user, delete -> delete.addSeqs(4))).users());
    }

    private Command read(String user, long seq) {
        return team.command(user).toBuilder()
                .setMarkRead(MarkRead.newBuilder().setSeq(seq))
                .build();
    }

    private void mute(String user, long seconds) {
        team.accepts(team.group(
                "olga",
                group -> group.setMuteMember(
                        MuteMember.newBuilder().setUserId(user).setUntil(TestRecords.at(team.now() + seconds)))));
    }

    private ConversationEvent leave(String user) {
        return team.accepts(team.group(user, group -> group.setLeave(LeaveGroup.newBuilder())));
    }

    private void remove(String user) {
        team.accepts(team.group(
                "olga",
                group -> group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(user))));
    }

    private void join(String user) {
        team.accepts(team.group(user, group -> group.setJoin(JoinGroup.newBuilder())));
    }
}
