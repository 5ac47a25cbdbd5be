package dev.tidings.gateway.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.SubscribeGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class FollowingTest {

    private static final String GROUP = "g:club";
    private static final String ROOM = "r:lobby";

    private final RecordedLog log = new RecordedLog();
    private long nanos;
    private final Following following = new Following(3, 8, log, () -> nanos);
    private final Listener alice = new Listener("alice");
    private final Listener bob = new Listener("bob");

    @Test
    void the_first_follower_attaches_the_gateway_at_once() {
        following.follow(alice, GROUP, 0);

        assertEquals(
                List.of(SubscribeGateway.newBuilder()
                        .setGatewaySlot(3)
                        .setGatewayEpoch(8)
                        .setSessions(1)
                        .build()),
                attached());
        assertEquals(GROUP, log.commands().getFirst().getConversationId());
        assertFalse(log.commands().getFirst().hasOrigin());
        assertEquals("", log.commands().getFirst().getActor());
    }

    @Test
    void of_a_group_the_log_does_not_hear_how_many_follow() {
        following.follow(alice, GROUP, 0);
        following.follow(bob, GROUP, 0);
        following.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void of_a_room_the_log_hears_how_many_are_in_it_but_only_at_the_tick() {
        following.follow(alice, ROOM, 0);
        following.follow(bob, ROOM, 0);
        assertEquals(List.of(1), counts());

        following.tick();
        assertEquals(List.of(1, 2), counts());

        following.tick();
        assertEquals(List.of(1, 2), counts());
    }

    @Test
    void when_the_last_follower_is_gone_the_tick_detaches_the_gateway_and_the_next_one_forgets_it() {
        following.follow(alice, GROUP, 0);
        following.ended(alice);
        following.tick();
        following.tick();

        assertEquals(List.of(1, 0), counts());
        assertEquals(0, following.size());
    }

    @Test
    void who_comes_before_the_tick_keeps_the_gateway_attached() {
        following.follow(alice, GROUP, 0);
        following.unfollow(alice, GROUP);
        following.follow(bob, GROUP, 0);
        following.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void who_comes_while_the_detaching_is_being_written_attaches_after_it() {
        following.follow(alice, GROUP, 0);
        following.unfollow(alice, GROUP);
        log.waits(true);
        following.tick();
        following.follow(bob, GROUP, 0);
        assertEquals(List.of(1, 0), counts());

        log.confirm();

        assertEquals(List.of(1, 0, 1), counts());
    }

    @Test
    void an_attaching_that_could_not_be_written_is_tried_again_at_each_tick() {
        log.fails(true);
        following.follow(alice, GROUP, 0);
        following.follow(bob, GROUP, 0);
        following.tick();
        log.fails(false);
        following.tick();
        following.tick();

        assertEquals(List.of(1, 2, 2), counts());
    }

    @Test
    void a_gateway_that_was_taken_for_gone_attaches_to_everything_again() {
        following.follow(alice, GROUP, 0);
        following.follow(bob, ROOM, 0);

        following.detached(8);
        following.tick();
        following.tick();

        assertEquals(List.of(1, 1, 1, 1), counts());
    }

    @Test
    void that_an_earlier_epoch_is_gone_does_not_concern_the_gateway() {
        following.follow(alice, GROUP, 0);

        following.detached(7);
        following.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void an_attaching_that_may_lie_before_the_end_it_was_told_of_is_written_again() {
        log.waits(true);
        following.follow(alice, GROUP, 0);
        following.detached(8);

        log.confirm();
        following.tick();
        log.confirm();
        following.tick();

        assertEquals(List.of(1, 1), counts());
    }

    @Test
    void an_event_goes_to_whoever_follows_and_to_nobody_else() {
        following.follow(alice, GROUP, 0);
        following.follow(bob, ROOM, 0);

        following.accept(said(GROUP, 1));

        assertEquals(List.of(1L), alice.seqs());
        assertEquals(List.of(), bob.seqs());
    }

    @Test
    void an_event_that_nobody_follows_detaches_the_gateway_once_until_it_is_forgotten() {
        following.accept(said(GROUP, 1));
        following.accept(said(GROUP, 2));
        following.tick();
        following.accept(said(GROUP, 3));
        assertEquals(List.of(0), counts());

        following.tick();
        following.accept(said(GROUP, 4));
        following.tick();

        assertEquals(List.of(0, 0), counts());
    }

    @Test
    void a_head_goes_to_all_who_follow_and_to_who_comes_later() {
        following.follow(alice, GROUP, 0);
        assertNull(following.head(GROUP));

        following.accept(head(GROUP, 10));
        following.accept(said(GROUP, 11));

        assertEquals(List.of(head(GROUP, 10)), alice.heads);
        HeadNotice later = following.head(GROUP);
        assertNotNull(later);
        assertEquals(11, later.getLastSeq());
    }

    @Test
    void however_often_a_room_changes_its_followers_hear_of_it_once_in_five_seconds_and_of_the_last() {
        following.follow(alice, ROOM, 0);
        for (long seq = 1; seq <= 100; seq++) {
            following.accept(head(ROOM, seq));
            following.tick();
        }
        assertEquals(List.of(head(ROOM, 1)), alice.heads);

        nanos += Following.HEAD_INTERVAL.toNanos();
        following.tick();
        following.tick();

        assertEquals(List.of(head(ROOM, 1), head(ROOM, 100)), alice.heads);
    }

    @Test
    void a_head_that_is_older_than_what_was_seen_does_not_go_back() {
        following.follow(alice, ROOM, 0);
        following.accept(head(ROOM, 10));

        following.accept(head(ROOM, 9).toBuilder().setOnline(7).build());
        nanos += Following.HEAD_INTERVAL.toNanos();
        following.tick();

        assertEquals(10, alice.heads.getLast().getLastSeq());
        assertEquals(7, alice.heads.getLast().getOnline());
    }

    @Test
    void a_head_is_not_known_any_more_once_the_gateway_is_detached() {
        following.follow(alice, GROUP, 0);
        following.accept(head(GROUP, 10));
        following.unfollow(alice, GROUP);
        following.tick();

        assertNull(following.head(GROUP));
    }

    @Test
    void who_is_removed_hears_that_and_nothing_after_it() {
        following.follow(alice, GROUP, 0);
        following.follow(bob, GROUP, 0);

        following.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));
        following.accept(said(GROUP, 6));

        assertEquals(List.of(5L, 6L), alice.seqs());
        assertEquals(List.of(5L), bob.seqs());
    }

    /** INBOX may be behind: it lets a session follow that opened, or was mentioned, before the removal. */
    @Test
    void who_was_removed_does_not_follow_again_because_of_what_was_before() {
        following.follow(alice, GROUP, 0);
        following.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));

        assertFalse(following.follow(bob, GROUP, 4));
        following.accept(said(GROUP, 6));

        assertEquals(List.of(), bob.seqs());
        assertFalse(following.follows(bob, GROUP));
    }

    @Test
    void who_was_removed_and_comes_back_follows() {
        following.follow(alice, GROUP, 0);
        following.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));
        following.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(6)
                .setMembersAdded(MembersAdded.newBuilder().addUserIds("bob"))));

        assertTrue(following.follow(bob, GROUP, 6));
        following.accept(said(GROUP, 7));

        assertEquals(List.of(7L), bob.seqs());
    }

    @Test
    void departures_are_remembered_up_to_a_thousand_the_newest() {
        following.follow(alice, GROUP, 0);
        for (int user = 0; user <= Followed.REMEMBERED_DEPARTURES; user++) {
            following.accept(event(left("user" + user, 5 + user).toBuilder()));
        }

        assertTrue(following.follow(new Listener("user0"), GROUP, 1));
        assertFalse(following.follow(new Listener("user1"), GROUP, 1));
    }

    @Test
    void who_leaves_no_longer_follows() {
        following.follow(alice, GROUP, 0);

        following.departed(left("alice", 5), List.of(alice));

        assertFalse(following.follows(alice, GROUP));
    }

    @Test
    void who_came_back_after_leaving_goes_on_following() {
        following.follow(alice, GROUP, 9);

        following.departed(left("alice", 5), List.of(alice));

        assertTrue(following.follows(alice, GROUP));
    }

    @Test
    void nobody_follows_a_group_that_was_dissolved() {
        following.follow(alice, GROUP, 0);
        following.follow(bob, GROUP, 0);

        following.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setGroupDissolved(GroupDissolved.getDefaultInstance())));

        assertFalse(following.follows(alice, GROUP));
        assertFalse(following.follows(bob, GROUP));
    }

    @Test
    void what_is_neither_a_group_nor_a_room_cannot_be_followed() {
        assertThrows(IllegalArgumentException.class, () -> following.follow(alice, "p:alice:bob", 0));
        assertThrows(IllegalArgumentException.class, () -> following.accept(said("", 1)));
        assertThrows(IllegalArgumentException.class, () -> following.accept(head("nonsense", 1)));
        assertEquals(List.of(), counts());
    }

    /** Sessions come and go on many threads, events come on one. */
    @Test
    void however_many_come_and_go_at_once_nobody_is_left_in_the_end() {
        long seed = Long.getLong("tidings.seed", System.nanoTime());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                Random chance = new Random(seed + thread);
                Listener who = new Listener("user" + thread);
                threads.execute(() -> comeAndGo(who, chance));
            }
            for (long seq = 1; seq <= 2_000; seq++) {
                following.accept(said(ROOM, seq));
                following.accept(head(GROUP, seq));
                following.tick();
            }
        }

        following.tick();
        following.tick();

        assertEquals(0, following.size(), "tidings.seed=" + seed);
        for (String conversationId : List.of(GROUP, ROOM)) {
            int last = log.commands().stream()
                    .filter(command -> command.getConversationId().equals(conversationId))
                    .reduce((earlier, later) -> later)
                    .orElseThrow()
                    .getSubscribeGateway()
                    .getSessions();
            assertEquals(0, last, "tidings.seed=" + seed);
        }
    }

    private void comeAndGo(Listener who, Random chance) {
        for (int step = 0; step < 2_000; step++) {
            String conversationId = chance.nextBoolean() ? GROUP : ROOM;
            switch (chance.nextInt(4)) {
                case 0 -> following.unfollow(who, conversationId);
                case 1 -> following.ended(who);
                default -> following.follow(who, conversationId, step);
            }
        }
        following.ended(who);
    }

    private List<SubscribeGateway> attached() {
        return log.commands().stream()
                .map(command -> command.getSubscribeGateway())
                .toList();
    }

    private List<Integer> counts() {
        return attached().stream().map(SubscribeGateway::getSessions).toList();
    }

    private static FollowedEvent said(String conversationId, long seq) {
        return event(ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageSent(MessageSent.getDefaultInstance()));
    }

    private static ConversationEvent left(String userId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(seq)
                .setMemberLeft(MemberLeft.newBuilder().setUserId(userId))
                .build();
    }

    private static FollowedEvent event(ConversationEvent.Builder event) {
        return FollowedEvent.newBuilder().setEvent(event).build();
    }

    private static HeadNotice head(String conversationId, long lastSeq) {
        return HeadNotice.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(lastSeq)
                .build();
    }

    private static final class Listener implements Follower {

        private final String userId;
        private final List<LiveEvent> events = new ArrayList<>();
        private final List<HeadNotice> heads = new ArrayList<>();

        Listener(String userId) {
            this.userId = userId;
        }

        List<Long> seqs() {
            return events.stream().map(live -> live.event().getSeq()).toList();
        }

        @Override
        public String userId() {
            return userId;
        }

        @Override
        public void followed(LiveEvent event, String originSessionId) {
            events.add(event);
        }

        @Override
        public void head(LiveHead head) {
            heads.add(head.notice());
        }
    }
}
