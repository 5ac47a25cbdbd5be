package dev.tidings.gateway.subscription;

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

class ConversationSubscriptionsTest {

    private static final String GROUP = "g:club";
    private static final String ROOM = "r:lobby";

    private final RecordedLog log = new RecordedLog();
    private long nanos;
    private final List<String> rooms = new ArrayList<>();
    private final RoomListener recordedRooms = new RoomListener() {
        @Override
        public void entered(String roomId, String userId) {
            rooms.add(userId + " entered " + roomId);
        }

        @Override
        public void left(String roomId, String userId) {
            rooms.add(userId + " left " + roomId);
        }
    };
    private final ConversationSubscriptions subscriptions =
            new ConversationSubscriptions(3, 8, log, recordedRooms, () -> nanos);
    private final RecordingSubscriber alice = new RecordingSubscriber("alice");
    private final RecordingSubscriber bob = new RecordingSubscriber("bob");

    @Test
    void the_first_subscriber_subscribes_the_gateway_at_once() {
        subscriptions.subscribe(alice, GROUP, 0);

        assertEquals(
                List.of(SubscribeGateway.newBuilder()
                        .setGatewaySlot(3)
                        .setGatewayEpoch(8)
                        .setSessions(1)
                        .build()),
                announcements());
        assertEquals(GROUP, log.commands().getFirst().getConversationId());
        assertFalse(log.commands().getFirst().hasOrigin());
        assertEquals("", log.commands().getFirst().getActor());
    }

    @Test
    void the_listener_of_rooms_receives_each_change_of_a_room_once_and_none_of_a_group() {
        subscriptions.subscribe(alice, ROOM, 0);
        subscriptions.subscribe(alice, ROOM, 0);
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, ROOM, 0);
        subscriptions.unsubscribe(alice, ROOM);
        subscriptions.unsubscribe(alice, ROOM);
        subscriptions.removeAll(alice);
        subscriptions.removeAll(bob);

        assertEquals(
                List.of("alice entered r:lobby", "bob entered r:lobby", "alice left r:lobby", "bob left r:lobby"),
                rooms);
    }

    @Test
    void the_number_of_subscribers_of_a_group_is_not_announced() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, GROUP, 0);
        subscriptions.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void the_number_of_subscribers_of_a_room_is_announced_at_the_tick() {
        subscriptions.subscribe(alice, ROOM, 0);
        subscriptions.subscribe(bob, ROOM, 0);
        assertEquals(List.of(1), counts());

        subscriptions.tick();
        assertEquals(List.of(1, 2), counts());

        subscriptions.tick();
        assertEquals(List.of(1, 2), counts());
    }

    @Test
    void a_conversation_without_subscribers_is_unsubscribed_at_a_tick_and_forgotten_at_the_next() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.removeAll(alice);
        subscriptions.tick();
        subscriptions.tick();

        assertEquals(List.of(1, 0), counts());
        assertEquals(0, subscriptions.size());
    }

    @Test
    void a_subscription_before_the_tick_keeps_the_gateway_subscribed() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.unsubscribe(alice, GROUP);
        subscriptions.subscribe(bob, GROUP, 0);
        subscriptions.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void a_subscription_while_the_gateway_unsubscribes_subscribes_it_again_after_that() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.unsubscribe(alice, GROUP);
        log.waits(true);
        subscriptions.tick();
        subscriptions.subscribe(bob, GROUP, 0);
        assertEquals(List.of(1, 0), counts());

        log.confirm();

        assertEquals(List.of(1, 0, 1), counts());
    }

    @Test
    void an_append_that_failed_is_retried_at_each_tick() {
        log.fails(true);
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, GROUP, 0);
        subscriptions.tick();
        log.fails(false);
        subscriptions.tick();
        subscriptions.tick();

        assertEquals(List.of(1, 2, 2), counts());
    }

    @Test
    void a_gateway_that_was_declared_gone_subscribes_to_everything_again() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, ROOM, 0);

        subscriptions.onGatewayGone(8);
        subscriptions.tick();
        subscriptions.tick();

        assertEquals(List.of(1, 1, 1, 1), counts());
    }

    @Test
    void the_end_of_an_earlier_epoch_changes_nothing() {
        subscriptions.subscribe(alice, GROUP, 0);

        subscriptions.onGatewayGone(7);
        subscriptions.tick();

        assertEquals(List.of(1), counts());
    }

    @Test
    void an_announcement_that_may_lie_before_the_end_of_the_epoch_is_appended_again() {
        log.waits(true);
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.onGatewayGone(8);

        log.confirm();
        subscriptions.tick();
        log.confirm();
        subscriptions.tick();

        assertEquals(List.of(1, 1), counts());
    }

    @Test
    void an_event_goes_to_the_subscribers_of_its_conversation_only() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, ROOM, 0);

        subscriptions.accept(message(GROUP, 1));

        assertEquals(List.of(1L), alice.seqs());
        assertEquals(List.of(), bob.seqs());
    }

    @Test
    void an_event_without_subscribers_unsubscribes_the_gateway_once() {
        subscriptions.accept(message(GROUP, 1));
        subscriptions.accept(message(GROUP, 2));
        subscriptions.tick();
        subscriptions.accept(message(GROUP, 3));
        assertEquals(List.of(0), counts());

        subscriptions.tick();
        subscriptions.accept(message(GROUP, 4));
        subscriptions.tick();

        assertEquals(List.of(0, 0), counts());
    }

    @Test
    void a_head_goes_to_all_subscribers_and_is_known_to_later_ones() {
        subscriptions.subscribe(alice, GROUP, 0);
        assertNull(subscriptions.head(GROUP));

        subscriptions.accept(head(GROUP, 10));
        subscriptions.accept(message(GROUP, 11));

        assertEquals(List.of(head(GROUP, 10)), alice.heads);
        HeadNotice later = subscriptions.head(GROUP);
        assertNotNull(later);
        assertEquals(11, later.getLastSeq());
    }

    @Test
    void the_last_head_of_a_busy_room_is_sent_once_in_five_seconds() {
        subscriptions.subscribe(alice, ROOM, 0);
        for (long seq = 1; seq <= 100; seq++) {
            subscriptions.accept(head(ROOM, seq));
            subscriptions.tick();
        }
        assertEquals(List.of(head(ROOM, 1)), alice.heads);

        nanos += ConversationSubscriptions.HEAD_INTERVAL.toNanos();
        subscriptions.tick();
        subscriptions.tick();

        assertEquals(List.of(head(ROOM, 1), head(ROOM, 100)), alice.heads);
    }

    @Test
    void an_older_head_does_not_reset_the_newest_seq() {
        subscriptions.subscribe(alice, ROOM, 0);
        subscriptions.accept(head(ROOM, 10));

        subscriptions.accept(head(ROOM, 9).toBuilder().setOnline(7).build());
        nanos += ConversationSubscriptions.HEAD_INTERVAL.toNanos();
        subscriptions.tick();

        assertEquals(10, alice.heads.getLast().getLastSeq());
        assertEquals(7, alice.heads.getLast().getOnline());
    }

    @Test
    void a_head_is_forgotten_once_the_gateway_is_unsubscribed() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.accept(head(GROUP, 10));
        subscriptions.unsubscribe(alice, GROUP);
        subscriptions.tick();

        assertNull(subscriptions.head(GROUP));
    }

    @Test
    void a_removed_member_receives_the_removal_and_nothing_after_it() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, GROUP, 0);

        subscriptions.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));
        subscriptions.accept(message(GROUP, 6));

        assertEquals(List.of(5L, 6L), alice.seqs());
        assertEquals(List.of(5L), bob.seqs());
    }

    /** INBOX may lag: it lets a session subscribe that was opened or mentioned before the removal. */
    @Test
    void a_removed_member_is_not_subscribed_because_of_an_earlier_event() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));

        assertFalse(subscriptions.subscribe(bob, GROUP, 4));
        subscriptions.accept(message(GROUP, 6));

        assertEquals(List.of(), bob.seqs());
        assertFalse(subscriptions.isSubscribed(bob, GROUP));
    }

    @Test
    void a_member_who_is_added_again_can_subscribe() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob"))));
        subscriptions.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(6)
                .setMembersAdded(MembersAdded.newBuilder().addUserIds("bob"))));

        assertTrue(subscriptions.subscribe(bob, GROUP, 6));
        subscriptions.accept(message(GROUP, 7));

        assertEquals(List.of(7L), bob.seqs());
    }

    @Test
    void the_newest_thousand_departures_are_kept() {
        subscriptions.subscribe(alice, GROUP, 0);
        for (int user = 0; user <= SubscribedConversation.MAX_DEPARTURES; user++) {
            subscriptions.accept(event(left("user" + user, 5 + user).toBuilder()));
        }

        assertTrue(subscriptions.subscribe(new RecordingSubscriber("user0"), GROUP, 1));
        assertFalse(subscriptions.subscribe(new RecordingSubscriber("user1"), GROUP, 1));
    }

    @Test
    void a_member_who_leaves_is_unsubscribed() {
        subscriptions.subscribe(alice, GROUP, 0);

        subscriptions.removeDeparted(left("alice", 5), List.of(alice));

        assertFalse(subscriptions.isSubscribed(alice, GROUP));
    }

    @Test
    void a_member_who_joined_again_after_leaving_stays_subscribed() {
        subscriptions.subscribe(alice, GROUP, 9);

        subscriptions.removeDeparted(left("alice", 5), List.of(alice));

        assertTrue(subscriptions.isSubscribed(alice, GROUP));
    }

    @Test
    void all_members_of_a_dissolved_group_are_unsubscribed() {
        subscriptions.subscribe(alice, GROUP, 0);
        subscriptions.subscribe(bob, GROUP, 0);

        subscriptions.accept(event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(5)
                .setGroupDissolved(GroupDissolved.getDefaultInstance())));

        assertFalse(subscriptions.isSubscribed(alice, GROUP));
        assertFalse(subscriptions.isSubscribed(bob, GROUP));
    }

    @Test
    void only_groups_and_rooms_can_be_subscribed() {
        assertThrows(IllegalArgumentException.class, () -> subscriptions.subscribe(alice, "p:alice:bob", 0));
        assertThrows(IllegalArgumentException.class, () -> subscriptions.accept(message("", 1)));
        assertThrows(IllegalArgumentException.class, () -> subscriptions.accept(head("nonsense", 1)));
        assertEquals(List.of(), counts());
    }

    /** Sessions subscribe on many threads, events come on one. */
    @Test
    void no_subscription_is_left_after_many_concurrent_changes() {
        long seed = Long.getLong("tidings.seed", System.nanoTime());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(seed + thread);
                RecordingSubscriber subscriber = new RecordingSubscriber("user" + thread);
                threads.execute(() -> subscribeAndUnsubscribe(subscriber, random));
            }
            for (long seq = 1; seq <= 2_000; seq++) {
                subscriptions.accept(message(ROOM, seq));
                subscriptions.accept(head(GROUP, seq));
                subscriptions.tick();
            }
        }

        subscriptions.tick();
        subscriptions.tick();

        assertEquals(0, subscriptions.size(), "tidings.seed=" + seed);
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

    private void subscribeAndUnsubscribe(RecordingSubscriber subscriber, Random random) {
        for (int step = 0; step < 2_000; step++) {
            String conversationId = random.nextBoolean() ? GROUP : ROOM;
            switch (random.nextInt(4)) {
                case 0 -> subscriptions.unsubscribe(subscriber, conversationId);
                case 1 -> subscriptions.removeAll(subscriber);
                default -> subscriptions.subscribe(subscriber, conversationId, step);
            }
        }
        subscriptions.removeAll(subscriber);
    }

    private List<SubscribeGateway> announcements() {
        return log.commands().stream()
                .map(command -> command.getSubscribeGateway())
                .toList();
    }

    private List<Integer> counts() {
        return announcements().stream().map(SubscribeGateway::getSessions).toList();
    }

    private static FollowedEvent message(String conversationId, long seq) {
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

    private static final class RecordingSubscriber implements Subscriber {

        private final String userId;
        private final List<LiveEvent> events = new ArrayList<>();
        private final List<HeadNotice> heads = new ArrayList<>();

        RecordingSubscriber(String userId) {
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
        public void onEvent(LiveEvent event, String originSessionId) {
            events.add(event);
        }

        @Override
        public void onHead(LiveHead head) {
            heads.add(head.notice());
        }
    }
}
