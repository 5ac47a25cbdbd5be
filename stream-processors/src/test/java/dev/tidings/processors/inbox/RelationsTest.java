package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.RelationView;
import org.junit.jupiter.api.Test;

class RelationsTest {

    private final EventSequence sequence = new EventSequence("p:alice:bob");

    @Test
    void a_request_is_seen_from_both_sides() {
        sequence.friendRequested("alice", "we met");

        assertRelation("alice", RelationView.newBuilder().setRequested(true));
        assertRelation("bob", RelationView.newBuilder().setRequestReceived(true).setRequestNote("we met"));
    }

    @Test
    void an_accepted_request_makes_friends_and_is_closed() {
        sequence.friendRequested("alice", "we met");
        sequence.friendAccepted("bob");

        assertRelation("alice", RelationView.newBuilder().setFriends(true));
        assertRelation("bob", RelationView.newBuilder().setFriends(true));
    }

    @Test
    void a_declined_request_is_closed() {
        sequence.friendRequested("alice", "we met");
        sequence.friendDeclined("bob");

        assertRelation("alice", RelationView.newBuilder());
        assertRelation("bob", RelationView.newBuilder());
    }

    @Test
    void a_friendship_ends_for_both() {
        sequence.friendAccepted("bob");
        sequence.friendRemoved("alice");

        assertRelation("alice", RelationView.newBuilder());
        assertRelation("bob", RelationView.newBuilder());
    }

    @Test
    void a_block_keeps_the_friendship_and_shows_only_to_the_blocker() {
        sequence.friendAccepted("bob");
        sequence.blocked("bob", true);

        assertRelation("alice", RelationView.newBuilder().setFriends(true));
        assertRelation("bob", RelationView.newBuilder().setFriends(true).setBlocked(true));
    }

    @Test
    void a_block_and_a_remark_can_be_taken_back() {
        sequence.blocked("bob", true);
        sequence.remarked("bob", "the plumber");
        assertRelation("bob", RelationView.newBuilder().setBlocked(true).setRemark("the plumber"));

        sequence.blocked("bob", false);
        sequence.remarked("bob", "");
        assertRelation("bob", RelationView.newBuilder());
    }

    @Test
    void relations_do_not_count_as_unread() {
        sequence.friendRequested("alice", "we met");

        assertEquals(0, Counted.messages(Viewed.by("bob", sequence.events())));
        assertEquals(1, Viewed.by("bob", sequence.events()).getLastSeq());
    }

    @Test
    void a_repeated_refusal_does_not_undo_a_later_request() {
        sequence.friendRequested("alice", "please");
        ConversationEvent declined = sequence.friendDeclined("bob");
        sequence.friendRequested("alice", "pretty please");
        ViewRecord view = Viewed.by("bob", sequence.events());

        assertSame(view, Viewed.after(view, "bob", declined));
    }

    @Test
    void a_repeated_block_does_not_undo_a_later_change() {
        ConversationEvent blocked = sequence.blocked("bob", true);
        sequence.blocked("bob", false);
        ViewRecord view = Viewed.by("bob", sequence.events());

        assertSame(view, Viewed.after(view, "bob", blocked));
    }

    private void assertRelation(String userId, RelationView.Builder expected) {
        ViewRecord view = Viewed.by(userId, sequence.events());
        assertEquals(expected.build(), Counted.shown("p:alice:bob", view).getRelation());
    }
}
