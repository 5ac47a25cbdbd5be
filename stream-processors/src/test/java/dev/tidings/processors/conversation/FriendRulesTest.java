package dev.tidings.processors.conversation;

import static dev.tidings.processors.conversation.Scene.asSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UnblockUser;
import org.junit.jupiter.api.Test;

class FriendRulesTest {

    private final Scene pair = new Scene("p:alice:bob");

    @Test
    void a_request_that_is_accepted_makes_friends_of_both() {
        ConversationEvent request = pair.accepts(request("alice"));
        assertEquals(1, request.getSeq());
        assertEquals("hi", request.getFriendRequested().getNote());
        assertInstanceOf(Unchanged.class, pair.when(request("alice")));

        assertEquals("bob", pair.accepts(accept("bob")).getFriendAccepted().getBy());

        assertTrue(pair.state().member("alice").getRelation().getFriend());
        assertTrue(pair.state().member("bob").getRelation().getFriend());
        assertInstanceOf(Unchanged.class, pair.when(request("bob")));
        assertInstanceOf(Unchanged.class, pair.when(accept("bob")));
    }

    @Test
    void a_request_in_return_accepts() {
        pair.accepts(request("alice"));

        assertTrue(pair.accepts(request("bob")).hasFriendAccepted());
    }

    @Test
    void accepting_without_a_request_is_refused_and_declining_changes_nothing() {
        pair.refuses(Refusal.Reason.REQUEST_NOT_FOUND, accept("bob"));
        pair.accepts(request("alice"));
        pair.refuses(Refusal.Reason.REQUEST_NOT_FOUND, accept("alice"));

        assertEquals(0, pair.accepts(decline("bob")).getSeq());

        assertInstanceOf(Decision.Unchanged.class, pair.when(decline("bob")));
        pair.accepts(request("alice"));
    }

    @Test
    void either_user_ends_a_friendship() {
        befriend();
        pair.accepts(pair.friend("alice", friend -> friend.setRemove(RemoveFriend.newBuilder())));

        assertInstanceOf(
                Unchanged.class, pair.when(pair.friend("bob", friend -> friend.setRemove(RemoveFriend.newBuilder()))));
        pair.refuses(Refusal.Reason.REQUEST_NOT_FOUND, accept("bob"));
    }

    @Test
    void after_a_block_neither_user_writes() {
        pair.accepts(pair.send("bob", "m1"));
        ConversationEvent block = pair.accepts(block("alice"));
        assertEquals(0, block.getSeq());
        assertInstanceOf(Unchanged.class, pair.when(block("alice")));
        for (String user : new String[] {"alice", "bob"}) {
            pair.refuses(Refusal.Reason.BLOCKED, pair.send(user, "m2"));
            pair.refuses(Refusal.Reason.BLOCKED, pair.react(user, 1, "👍"));
            pair.refuses(Refusal.Reason.BLOCKED, request(user));
        }
        pair.refuses(Refusal.Reason.BLOCKED, pair.edit("bob", 1, "no"));
        pair.accepts(asSystem(pair.send("bob", "by the operator")));

        pair.accepts(pair.friend("alice", friend -> friend.setUnblock(UnblockUser.newBuilder())));

        pair.accepts(pair.send("bob", "m2"));
    }

    @Test
    void both_may_block_and_each_ends_only_their_own_block() {
        pair.accepts(block("alice"));
        pair.accepts(block("bob"));
        pair.accepts(pair.friend("alice", friend -> friend.setUnblock(UnblockUser.newBuilder())));

        pair.refuses(Refusal.Reason.BLOCKED, pair.send("alice", "m1"));
    }

    @Test
    void the_policy_can_forbid_strangers_to_write() {
        pair.under(FixedRules.of(Policy.newBuilder().setStrangersMayWrite(false)));
        pair.refuses(Refusal.Reason.STRANGER, pair.send("alice", "m1"));

        befriend();

        pair.accepts(pair.send("alice", "m1"));
    }

    @Test
    void among_friends_only_a_message_needs_a_friendship_that_both_want_and_that_lasts() {
        pair.under(FixedRules.of(Policy.newBuilder().setStrangersMayWrite(false)));
        pair.accepts(request("alice"));
        pair.refuses(Refusal.Reason.STRANGER, pair.send("alice", "m1"));
        pair.refuses(Refusal.Reason.STRANGER, pair.send("bob", "m2"));
        pair.accepts(accept("bob"));
        pair.accepts(pair.send("bob", "m3"));

        pair.accepts(pair.friend("alice", friend -> friend.setRemove(RemoveFriend.getDefaultInstance())));

        pair.refuses(Refusal.Reason.STRANGER, pair.send("alice", "m4"));
        pair.refuses(Refusal.Reason.STRANGER, pair.send("bob", "m5"));
        pair.accepts(Scene.asSystem(pair.send("bob", "m6")));
    }

    @Test
    void a_remark_belongs_to_its_author() {
        Command remark = pair.friend(
                "alice", friend -> friend.setSetRemark(SetRemark.newBuilder().setRemark("Bobby")));

        assertEquals(0, pair.accepts(remark).getSeq());

        assertEquals("Bobby", pair.state().member("alice").getRelation().getRemark());
        assertEquals("", pair.state().member("bob").getRelation().getRemark());
        assertInstanceOf(Unchanged.class, pair.when(remark));
    }

    @Test
    void a_third_user_cannot_change_the_relation_of_a_pair() {
        pair.refuses(Refusal.Reason.NOT_A_MEMBER, request("mallory"));
        Scene group = new Scene("g:team");

        group.refuses(
                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                group.friend("alice", friend -> friend.setBlock(BlockUser.newBuilder())));
    }

    private void befriend() {
        pair.accepts(request("alice"));
        pair.accepts(accept("bob"));
    }

    private Command request(String actor) {
        return pair.friend(
                actor, friend -> friend.setRequest(RequestFriend.newBuilder().setNote("hi")));
    }

    private Command accept(String actor) {
        return pair.friend(actor, friend -> friend.setAccept(AcceptFriend.newBuilder()));
    }

    private Command decline(String actor) {
        return pair.friend(actor, friend -> friend.setDecline(DeclineFriend.newBuilder()));
    }

    private Command block(String actor) {
        return pair.friend(actor, friend -> friend.setBlock(BlockUser.newBuilder()));
    }
}
