package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Role;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final String GROUP = "g:climbers";
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();
    private static final GroupProfile OPEN_PROFILE =
            PROFILE.toBuilder().setHistoryFromStart(true).build();

    private final EventSequence sequence = new EventSequence(GROUP);

    @Test
    void the_creator_owns_the_group_and_the_others_are_members() {
        sequence.created(PROFILE, "alice", "alice", "bob");

        assertEquals(
                GroupView.newBuilder()
                        .setProfile(PROFILE)
                        .setRole(Role.OWNER)
                        .setJoinedSeq(1)
                        .build(),
                groupOf("alice"));
        assertEquals(Role.MEMBER, groupOf("bob").getRole());
    }

    @Test
    void a_group_created_by_the_operator_has_no_owner_among_its_members() {
        sequence.created(PROFILE, "", "bob");

        assertEquals(Role.MEMBER, groupOf("bob").getRole());
    }

    @Test
    void added_users_become_members_and_existing_members_stay() {
        sequence.created(PROFILE, "alice", "alice");
        sequence.sent("alice");
        ConversationEvent added = sequence.added(PROFILE, "bob");

        assertEquals(
                GroupView.newBuilder()
                        .setProfile(PROFILE)
                        .setRole(Role.MEMBER)
                        .setJoinedSeq(3)
                        .build(),
                Viewed.by("bob", added).getGroup());
        assertEquals(1, groupOf("alice").getJoinedSeq());
        assertEquals(Role.OWNER, groupOf("alice").getRole());
    }

    @Test
    void a_user_who_leaves_is_no_member_but_keeps_the_view() {
        sequence.created(PROFILE, "alice", "alice", "bob", "carol");
        sequence.left("bob");

        assertEquals(
                GroupView.newBuilder()
                        .setProfile(PROFILE)
                        .setJoinedSeq(1)
                        .setLeftSeq(2)
                        .build(),
                groupOf("bob"));
        assertEquals(Role.MEMBER, groupOf("carol").getRole());
    }

    @Test
    void a_removed_user_is_no_member_but_keeps_the_view() {
        sequence.created(PROFILE, "alice", "alice", "bob", "carol");
        sequence.removed("bob");

        assertEquals(Role.ROLE_UNSPECIFIED, groupOf("bob").getRole());
        assertEquals(2, groupOf("bob").getLeftSeq());
        assertEquals(0, groupOf("carol").getLeftSeq());
    }

    @Test
    void a_returning_user_is_a_member_again() {
        sequence.created(PROFILE, "alice", "alice", "bob");
        sequence.left("bob");
        sequence.added(OPEN_PROFILE, "bob");

        assertEquals(
                GroupView.newBuilder()
                        .setProfile(OPEN_PROFILE)
                        .setRole(Role.MEMBER)
                        .setJoinedSeq(3)
                        .build(),
                groupOf("bob"));
    }

    @Test
    void a_change_of_the_profile_is_seen_by_all() {
        sequence.created(PROFILE, "alice", "alice", "bob");
        sequence.updated(OPEN_PROFILE);

        assertEquals(OPEN_PROFILE, groupOf("bob").getProfile());
        assertEquals(Role.MEMBER, groupOf("bob").getRole());
    }

    @Test
    void a_role_changes_only_for_the_named_user() {
        sequence.created(PROFILE, "alice", "alice", "bob", "carol");
        sequence.roleChanged("bob", Role.ADMIN);

        assertEquals(Role.ADMIN, groupOf("bob").getRole());
        assertEquals(Role.MEMBER, groupOf("carol").getRole());
    }

    @Test
    void the_previous_owner_becomes_an_admin() {
        sequence.created(PROFILE, "alice", "alice", "bob", "carol");
        sequence.transferred("alice", "bob");

        assertEquals(Role.ADMIN, groupOf("alice").getRole());
        assertEquals(Role.OWNER, groupOf("bob").getRole());
        assertEquals(Role.MEMBER, groupOf("carol").getRole());
    }

    @Test
    void a_dissolved_group_is_marked_as_dissolved() {
        sequence.created(PROFILE, "alice", "alice", "bob");
        sequence.dissolved();

        assertTrue(groupOf("bob").getDissolved());
    }

    @Test
    void a_join_request_creates_no_view() {
        ConversationEvent wish = sequence.joinRequested("bob");
        ViewRecord none = ViewRecord.getDefaultInstance();

        assertSame(none, Viewed.after(none, "bob", wish));
    }

    @Test
    void a_member_follows_a_large_group_until_leaving_or_dissolution() {
        ViewRecord small = Viewed.by("bob", sequence.created(PROFILE, "alice", "alice", "bob"));
        ViewRecord large = large(small, sequence.added(PROFILE, "zoe"));
        ViewRecord left = large(large, sequence.left("bob"));
        ViewRecord dissolved = large(large, sequence.dissolved());

        assertFalse(Membership.follows(small));
        assertTrue(Membership.follows(large));
        assertTrue(Counted.shown(GROUP, large).getLarge());
        assertFalse(Membership.follows(left));
        assertFalse(Membership.follows(dissolved));
    }

    @Test
    void a_large_group_stays_large() {
        ViewRecord large = large(Viewed.by("bob"), sequence.created(PROFILE, "alice", "alice", "bob"));

        assertTrue(Viewed.after(large, "bob", sequence.sent("alice")).getLarge());
    }

    @Test
    void a_user_who_was_never_a_member_has_no_access() {
        assertEquals(
                AccessAnswer.getDefaultInstance(),
                Membership.access(ViewRecord.getDefaultInstance()).build());
        sequence.sent("alice");
        assertEquals(0, Membership.access(Viewed.by("bob", sequence.events())).getFromSeq());
    }

    @Test
    void a_member_may_read_messages_since_joining() {
        sequence.created(PROFILE, "alice", "alice");
        sequence.sent("alice");
        sequence.added(PROFILE, "bob");

        assertAccess(3, 0, "bob");
    }

    @Test
    void a_member_may_read_everything_if_the_group_allows_it() {
        sequence.created(PROFILE, "alice", "alice");
        sequence.sent("alice");
        sequence.added(OPEN_PROFILE, "bob");

        assertAccess(1, 0, "bob");
    }

    @Test
    void a_former_member_may_read_messages_until_leaving() {
        sequence.created(PROFILE, "alice", "alice");
        sequence.added(PROFILE, "bob");
        sequence.sent("alice");
        sequence.removed("bob");

        assertAccess(2, 4, "bob");
    }

    private void assertAccess(long fromSeq, long toSeq, String userId) {
        assertEquals(
                AccessAnswer.newBuilder().setFromSeq(fromSeq).setToSeq(toSeq).build(),
                Membership.access(Viewed.by(userId, sequence.events())).build());
    }

    private GroupView groupOf(String userId) {
        return Viewed.by(userId, sequence.events()).getGroup();
    }

    private static ViewRecord large(ViewRecord view, ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).setLarge(true).build();
        return ViewDecider.apply(view, "bob", record, view.getVersion() + 1);
    }
}
