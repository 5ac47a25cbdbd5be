package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private final Told told = new Told(GROUP);

    @Test
    void who_creates_a_group_owns_it_and_the_others_are_members() {
        told.created(PROFILE, "alice", "alice", "bob");

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
    void a_group_of_the_operators_has_no_owner_among_its_members() {
        told.created(PROFILE, "", "bob");

        assertEquals(Role.MEMBER, groupOf("bob").getRole());
    }

    @Test
    void who_is_added_belongs_from_then_on_and_who_was_there_before_still_does() {
        told.created(PROFILE, "alice", "alice");
        told.sent("alice");
        ConversationEvent added = told.added(PROFILE, "bob");

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
    void who_leaves_belongs_no_longer_but_keeps_the_group_to_look_at() {
        told.created(PROFILE, "alice", "alice", "bob", "carol");
        told.left("bob");

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
    void who_is_removed_is_gone_alike() {
        told.created(PROFILE, "alice", "alice", "bob", "carol");
        told.removed("bob");

        assertEquals(Role.ROLE_UNSPECIFIED, groupOf("bob").getRole());
        assertEquals(2, groupOf("bob").getLeftSeq());
        assertEquals(0, groupOf("carol").getLeftSeq());
    }

    @Test
    void who_comes_again_has_not_left() {
        told.created(PROFILE, "alice", "alice", "bob");
        told.left("bob");
        told.added(OPEN_PROFILE, "bob");

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
        told.created(PROFILE, "alice", "alice", "bob");
        told.updated(OPEN_PROFILE);

        assertEquals(OPEN_PROFILE, groupOf("bob").getProfile());
        assertEquals(Role.MEMBER, groupOf("bob").getRole());
    }

    @Test
    void a_role_is_changed_for_whom_it_is() {
        told.created(PROFILE, "alice", "alice", "bob", "carol");
        told.roleChanged("bob", Role.ADMIN);

        assertEquals(Role.ADMIN, groupOf("bob").getRole());
        assertEquals(Role.MEMBER, groupOf("carol").getRole());
    }

    @Test
    void who_hands_the_group_over_becomes_an_admin() {
        told.created(PROFILE, "alice", "alice", "bob", "carol");
        told.transferred("alice", "bob");

        assertEquals(Role.ADMIN, groupOf("alice").getRole());
        assertEquals(Role.OWNER, groupOf("bob").getRole());
        assertEquals(Role.MEMBER, groupOf("carol").getRole());
    }

    @Test
    void a_group_that_is_dissolved_says_so() {
        told.created(PROFILE, "alice", "alice", "bob");
        told.dissolved();

        assertTrue(groupOf("bob").getDissolved());
    }

    @Test
    void a_wish_to_join_makes_no_view() {
        ConversationEvent wish = told.joinRequested("bob");
        ViewRecord none = ViewRecord.getDefaultInstance();

        assertSame(none, Viewed.after(none, "bob", wish));
    }

    @Test
    void a_member_follows_a_group_from_when_it_is_large_until_he_leaves_or_it_ends() {
        ViewRecord small = Viewed.by("bob", told.created(PROFILE, "alice", "alice", "bob"));
        ViewRecord large = large(small, told.added(PROFILE, "zoe"));
        ViewRecord left = large(large, told.left("bob"));
        ViewRecord dissolved = large(large, told.dissolved());

        assertFalse(Membership.follows(small));
        assertTrue(Membership.follows(large));
        assertTrue(Counted.shown(GROUP, large).getLarge());
        assertFalse(Membership.follows(left));
        assertFalse(Membership.follows(dissolved));
    }

    @Test
    void once_large_is_always_large() {
        ViewRecord large = large(Viewed.by("bob"), told.created(PROFILE, "alice", "alice", "bob"));

        assertTrue(Viewed.after(large, "bob", told.sent("alice")).getLarge());
    }

    @Test
    void who_never_belonged_may_see_nothing() {
        assertEquals(
                AccessAnswer.getDefaultInstance(),
                Membership.access(ViewRecord.getDefaultInstance()).build());
        told.sent("alice");
        assertEquals(0, Membership.access(Viewed.by("bob", told.events())).getFromSeq());
    }

    @Test
    void a_member_may_see_what_was_said_since_he_came() {
        told.created(PROFILE, "alice", "alice");
        told.sent("alice");
        told.added(PROFILE, "bob");

        assertAccess(3, 0, "bob");
    }

    @Test
    void or_everything_where_the_group_lets_him() {
        told.created(PROFILE, "alice", "alice");
        told.sent("alice");
        told.added(OPEN_PROFILE, "bob");

        assertAccess(1, 0, "bob");
    }

    @Test
    void who_is_gone_may_see_what_was_before() {
        told.created(PROFILE, "alice", "alice");
        told.added(PROFILE, "bob");
        told.sent("alice");
        told.removed("bob");

        assertAccess(2, 4, "bob");
    }

    private void assertAccess(long fromSeq, long toSeq, String userId) {
        assertEquals(
                AccessAnswer.newBuilder().setFromSeq(fromSeq).setToSeq(toSeq).build(),
                Membership.access(Viewed.by(userId, told.events())).build());
    }

    private GroupView groupOf(String userId) {
        return Viewed.by(userId, told.events()).getGroup();
    }

    private static ViewRecord large(ViewRecord view, ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).setLarge(true).build();
        return InboxDecider.apply(view, "bob", record, view.getVersion() + 1);
    }
}
