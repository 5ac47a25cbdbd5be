package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups, large groups and broadcasts in the topology. */
class InboxConversationsTest {

    private static final String GROUP = "g:climbers";
    private static final String NEWS = "b:news";
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();
    private static final Session PHONE = session("bob-phone", "phone", 0, 1);
    private static final Session LAPTOP = session("bob-laptop", "laptop", 2, 1);

    private final DrivenTopology inbox =
            DrivenTopology.inbox(new TopicLayout(1, 1, 3, (short) 1), StateStore.Kind.MEMORY);
    private final EventSequence group = new EventSequence(GROUP);
    private final EventSequence news = new EventSequence(NEWS);
    private long seconds;

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void added_members_see_the_group_and_leavers_see_that_they_left() {
        tell(group.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");
        tell(group.removed("bob"), "alice", "bob");

        assertEquals(
                List.of(0L, 0L, 2L),
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .map(event -> event.getViewChanged().getGroup().getLeftSeq())
                        .toList());
    }

    @Test
    void the_sessions_of_members_follow_a_group_once_it_is_large() {
        pipe(open("bob", PHONE));
        pipe(open("alice", session("alice-web", "web", 0, 1)));
        ConversationEvent removed = large("alice", "bob");

        tellLarge(removed, "alice", "bob");

        assertEquals(
                List.of(event(0, false, removed, "bob-phone"), event(0, true, removed, "alice-web")),
                inbox.readValues(Topics.DELIVERIES));
    }

    @Test
    void the_session_that_joins_a_large_group_gets_a_follow_but_not_the_event() {
        pipe(open("bob", PHONE));
        pipe(open("bob", LAPTOP));
        inbox.readBytes();
        ConversationEvent added = group.added(PROFILE, "bob");

        pipe(largeRecord(added, "bob").setOriginSessionId("bob-phone"));
        assertEquals(
                List.of(event(2, true, added, "bob-laptop"), follow(0, "bob-phone", added.getSeq())),
                inbox.readValues(Topics.DELIVERIES));

        pipe(largeRecord(group.sent("alice", "bob"), "bob").setOriginSessionId("bob-phone"));
        assertEquals(
                List.of(Delivery.BodyCase.EVENT),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(Delivery::getBodyCase)
                        .toList());
    }

    @Test
    void an_event_about_a_non_member_makes_no_session_follow() {
        pipe(open("zoe", session("zoe-web", "web", 1, 1)));
        inbox.readBytes();

        tellLarge(group.joinRequested("zoe"), "zoe");

        assertEquals(
                List.of(false),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> delivery.getEvent().getFollow())
                        .toList());
        assertTrue(inbox.readValues(Topics.USER_EVENTS).stream().noneMatch(UserEvent::hasViewChanged));
    }

    @Test
    void a_session_follows_the_users_large_groups_before_it_is_ready() {
        large("alice", "bob");

        pipe(open("bob", LAPTOP));

        assertEquals(List.of(follow(2, "bob-laptop", 1), ready(2, "bob-laptop")), inbox.readValues(Topics.DELIVERIES));
    }

    @Test
    void a_session_does_not_follow_small_groups_or_groups_the_user_left() {
        tellLarge(group.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");
        tellLarge(group.left("bob"), "bob");
        EventSequence small = new EventSequence("g:small");
        tell(small.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");
        inbox.readBytes();

        pipe(open("bob", LAPTOP));

        assertEquals(List.of(ready(2, "bob-laptop")), inbox.readValues(Topics.DELIVERIES));
    }

    @Test
    void a_broadcast_is_delivered_once_to_each_gateway_with_sessions_and_changes_no_user() {
        pipe(open("bob", PHONE));
        pipe(open("alice", session("alice-web", "web", PHONE.getGatewaySlot(), 1)));
        inbox.readBytes();
        var before = inbox.contents();
        ConversationEvent event = news.sent("");

        broadcast(event);
        broadcast(event);

        assertEquals(
                List.of(Delivery.newBuilder()
                        .setGatewaySlot(PHONE.getGatewaySlot())
                        .setBroadcast(BroadcastDelivery.newBuilder()
                                .setEvent(event)
                                .setInboxPartition(0)
                                .setInboxPartitions(1))
                        .build()),
                inbox.readValues(Topics.DELIVERIES));
        assertTrue(inbox.readValues(Topics.USER_EVENTS).isEmpty());
        assertEquals(before.get("users"), inbox.contents().get("users"));
        assertEquals(List.of(), inbox.contents().get("views"));
    }

    @Test
    void a_broadcast_goes_to_no_gateway_whose_sessions_have_ended() {
        pipe(open("bob", PHONE));
        pipe(open("bob", LAPTOP));
        pipe(close("bob", "bob-phone"));
        inbox.readBytes();

        broadcast(news.sent(""));

        assertEquals(
                List.of(LAPTOP.getGatewaySlot()),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(Delivery::getGatewaySlot)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "INCREMENTAL", "FULL"})
    void a_sync_includes_the_broadcasts(SyncMode mode) {
        pipe(open("bob", PHONE));
        broadcast(news.sent(""));
        broadcast(new EventSequence("b:weather").sent(""));

        assertEquals(List.of("b:news", "b:weather"), conversations(sync("bob", mode, 0)));
    }

    @Test
    void old_broadcasts_do_not_come_with_every_sync() {
        pipe(open("bob", PHONE));
        broadcast(news.sent(""));
        broadcast(new EventSequence("b:weather").sent(""));
        long version = sync("bob", SyncMode.FULL, 0).getVersion();
        assertEquals(0, sync("bob", SyncMode.INCREMENTAL, version).getViewsCount());

        tell(new EventSequence("p:alice:bob").sent("alice"), "bob");
        broadcast(news.sent(""));

        SyncAnswer changed = sync("bob", SyncMode.INCREMENTAL, version);
        assertEquals(List.of("b:news", "p:alice:bob"), conversations(changed));
        assertEquals(0, sync("bob", SyncMode.INCREMENTAL, changed.getVersion()).getViewsCount());
    }

    @Test
    void one_users_token_does_not_hide_a_broadcast_from_another_user() {
        pipe(open("bob", PHONE));
        EventSequence pair = new EventSequence("p:alice:bob");
        for (int i = 0; i < 20; i++) {
            tell(pair.sent("alice"), "bob");
        }
        long bobs = sync("bob", SyncMode.FULL, 0).getVersion();
        long carols = sync("carol", SyncMode.FULL, 0).getVersion();

        broadcast(news.sent(""));

        assertEquals(List.of(NEWS), conversations(sync("bob", SyncMode.INCREMENTAL, bobs)));
        assertEquals(List.of(NEWS), conversations(sync("carol", SyncMode.INCREMENTAL, carols)));
    }

    @Test
    void the_newest_100_broadcasts_are_kept_and_the_badge_counts_only_those() {
        pipe(open("bob", PHONE));
        for (int i = 0; i < Broadcasts.MAX_BROADCASTS + 5; i++) {
            EventSequence campaign = new EventSequence("b:campaign%03d".formatted(i));
            for (int silent = 0; silent < i; silent++) {
                campaign.sent("");
            }
            broadcast(campaign.sent(""));
        }

        List<ConversationView> kept = sync("bob", SyncMode.FULL, 0).getViewsList();
        assertEquals(Broadcasts.MAX_BROADCASTS, kept.size());
        assertEquals(
                "b:campaign005",
                kept.stream()
                        .map(ConversationView::getConversationId)
                        .sorted()
                        .findFirst()
                        .orElseThrow());
        assertEquals(Broadcasts.MAX_BROADCASTS, sync("bob", SyncMode.FULL, 0).getBadge());
    }

    @Test
    void only_new_messages_of_a_dropped_broadcast_are_unread() {
        pipe(open("bob", PHONE));
        for (int i = 0; i < 7; i++) {
            news.sent("");
        }
        ConversationEvent again = news.sent("");

        broadcast(again);

        assertEquals(1, newsOf("bob").getUnread());
    }

    @Test
    void each_user_reads_and_deletes_broadcasts_alone() {
        pipe(open("bob", PHONE));
        pipe(open("alice", session("alice-web", "web", 1, 1)));
        ConversationEvent first = news.sent("");
        broadcast(first);
        broadcast(news.sent(""));
        inbox.readBytes();

        tell(news.read("bob", first), "bob");
        tell(news.deleted("bob", 1, 1), "bob");

        ConversationView sequence =
                inbox.readValues(Topics.USER_EVENTS).getLast().getViewChanged();
        ConversationView bobs = sync("bob", SyncMode.FULL, 0).getViews(0);
        assertEquals(sequence, bobs);
        assertEquals(1, bobs.getUnread());
        assertEquals(1, bobs.getReadSeq());
        assertEquals(2, bobs.getLastSeq());
        assertEquals(1, bobs.getDeletedCount());
        assertEquals(2, sync("alice", SyncMode.FULL, 0).getViews(0).getUnread());
    }

    @Test
    void a_reply_has_one_view_per_broadcast() {
        pipe(open("bob", PHONE));
        ConversationEvent first = news.sent("");
        broadcast(first);
        tell(news.read("bob", first), "bob");

        assertEquals(1, sync("bob", SyncMode.FULL, 0).getViewsCount());
        assertEquals(
                sync("bob", SyncMode.FULL, 0).getViews(0).getVersion(),
                sync("bob", SyncMode.FULL, 0).getVersion());
    }

    @Test
    void a_new_user_has_unread_broadcasts_only_from_after_the_first_session() {
        broadcast(news.sent(""));
        broadcast(news.sent(""));
        tell(new EventSequence("p:alice:bob").sent("alice"), "alice", "bob");
        pipe(open("bob", PHONE));
        assertEquals(0, newsOf("bob").getUnread());

        broadcast(news.sent(""));
        assertEquals(1, newsOf("bob").getUnread());

        pipe(open("bob", LAPTOP));
        assertEquals(1, newsOf("bob").getUnread());
    }

    @Test
    void opening_a_session_gives_no_view_a_version() {
        broadcast(news.sent(""));
        SyncAnswer before = sync("bob", SyncMode.FULL, 0);

        pipe(open("bob", PHONE));

        assertEquals(before.getVersion(), sync("bob", SyncMode.FULL, 0).getVersion());
        assertEquals(
                before.getViews(0).getVersion(),
                sync("bob", SyncMode.FULL, 0).getViews(0).getVersion());
        assertTrue(inbox.readValues(Topics.USER_EVENTS).stream().noneMatch(UserEvent::hasViewChanged));
    }

    @Test
    void a_repeated_broadcast_changes_nothing() {
        broadcast(news.sent(""));
        broadcast(news.sent(""));
        var before = inbox.contents();
        inbox.readBytes();

        news.events().forEach(this::broadcast);

        assertEquals(before, inbox.contents());
        assertTrue(inbox.hasWrittenNothing());
    }

    @Test
    void a_group_event_addressed_to_everyone_goes_to_the_dead_letters() {
        broadcast(new EventSequence("p:alice:bob").sent("alice"));
        broadcast(ConversationEvent.newBuilder().setConversationId(NEWS).build());

        assertEquals(2, inbox.read(Topics.DEAD_LETTERS).size());
        assertEquals(0, sync("bob", SyncMode.FULL, 0).getViewsCount());
    }

    @Test
    void a_member_gets_the_readable_part_of_the_group() {
        group.created(PROFILE, "alice", "alice");
        group.sent("alice");
        tell(group.added(PROFILE, "bob"), "alice", "bob");
        inbox.readBytes();

        assertEquals(3, access("bob", GROUP).getFromSeq());
        assertEquals(0, access("bob", GROUP).getToSeq());

        tell(group.left("bob"), "alice", "bob");
        inbox.readBytes();
        assertEquals(4, access("bob", GROUP).getToSeq());
    }

    @Test
    void a_readded_member_sees_the_history_of_the_earlier_membership() {
        group.created(PROFILE, "alice", "alice");
        tell(group.added(PROFILE, "bob"), "alice", "bob");
        tell(group.left("bob"), "alice", "bob");
        group.sent("alice");

        tell(group.added(PROFILE, "bob"), "alice", "bob");

        AccessAnswer answer = access("bob", GROUP);
        assertEquals(5, answer.getFromSeq());
        assertEquals(0, answer.getToSeq());
        assertEquals(List.of(SeqRange.newBuilder().setFromSeq(2).setToSeq(3).build()), answer.getEarlierList());
    }

    @Test
    void the_history_of_the_newest_32_memberships_can_be_read() {
        group.created(PROFILE, "alice", "alice");
        for (int i = 0; i <= Membership.MAX_EARLIER_SPANS + 1; i++) {
            tell(group.added(PROFILE, "bob"), "alice", "bob");
            tell(group.left("bob"), "alice", "bob");
            group.sent("alice");
        }

        List<SeqRange> earlier = access("bob", GROUP).getEarlierList();
        assertEquals(Membership.MAX_EARLIER_SPANS, earlier.size());
        assertEquals(5, earlier.getFirst().getFromSeq());
    }

    @ParameterizedTest
    @ValueSource(strings = {GROUP, "p:alice:bob", "b:news", "nonsense", ""})
    void a_user_without_access_gets_an_empty_answer(String conversationId) {
        AccessAnswer answer = access("bob", conversationId);

        assertEquals(
                AccessAnswer.newBuilder()
                        .setOrigin(origin(1, "bob-web", "f7"))
                        .setConversationId(conversationId)
                        .build(),
                answer);
    }

    @Test
    void an_access_request_from_an_unknown_gateway_slot_goes_to_the_dead_letters() {
        pipe(accessRequest("bob", GROUP, -1));
        pipe(accessRequest("bob", GROUP, 3));

        assertEquals(2, inbox.read(Topics.DEAD_LETTERS).size());
        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
    }

    /** Creates a large group of these members; the event that removes the last one is the next to come. */
    private ConversationEvent large(String... members) {
        tellLarge(group.created(PROFILE, members[0], members), members);
        inbox.readBytes();
        return group.removed(members[members.length - 1]);
    }

    private void tell(ConversationEvent event, String... recipients) {
        pipe(InboxRecord.newBuilder().setEvent(event).addAllRecipients(List.of(recipients)));
    }

    private void tellLarge(ConversationEvent event, String... recipients) {
        pipe(largeRecord(event, recipients));
    }

    private static InboxRecord.Builder largeRecord(ConversationEvent event, String... recipients) {
        return InboxRecord.newBuilder()
                .setEvent(event)
                .addAllRecipients(List.of(recipients))
                .setLarge(true);
    }

    private void broadcast(ConversationEvent event) {
        pipe(InboxRecord.newBuilder().setEvent(event).setEveryone(true));
    }

    private void pipe(InboxRecord.Builder record) {
        inbox.pipe(Topics.INBOX, 0, record.build(), EPOCH_MILLIS + ++seconds * 1000);
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + ++seconds * 1000);
    }

    private ConversationView newsOf(String userId) {
        return sync(userId, SyncMode.FULL, 0).getViewsList().stream()
                .filter(view -> view.getConversationId().equals(NEWS))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> conversations(SyncAnswer answer) {
        return answer.getViewsList().stream()
                .map(ConversationView::getConversationId)
                .sorted()
                .toList();
    }

    private SyncAnswer sync(String userId, SyncMode mode, long since) {
        inbox.readValues(Topics.DELIVERIES);
        pipe(TestRecords.sync(userId, origin(1, userId + "-web", "f7"), mode, since));
        return inbox.readValues(Topics.DELIVERIES).getFirst().getSyncAnswer();
    }

    private AccessAnswer access(String userId, String conversationId) {
        inbox.readBytes();
        pipe(accessRequest(userId, conversationId, 1));
        Delivery delivery = inbox.readValues(Topics.DELIVERIES).getFirst();
        assertEquals(1, delivery.getGatewaySlot());
        return delivery.getAccessAnswer();
    }

    private static UserCommand accessRequest(String userId, String conversationId, int slot) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setAccessRequest(AccessRequest.newBuilder()
                        .setOrigin(origin(slot, userId + "-web", "f7"))
                        .setConversationId(conversationId))
                .build();
    }

    private static Delivery event(int slot, boolean follow, ConversationEvent event, String session) {
        return Delivery.newBuilder()
                .setGatewaySlot(slot)
                .setEvent(EventDelivery.newBuilder()
                        .setEvent(event)
                        .addSessionIds(session)
                        .setFollow(follow))
                .build();
    }

    private static Delivery follow(int slot, String sessionId, long joinedSeq) {
        return Delivery.newBuilder()
                .setGatewaySlot(slot)
                .setFollow(Follow.newBuilder()
                        .setSessionId(sessionId)
                        .addConversationIds(GROUP)
                        .addJoinedSeqs(joinedSeq))
                .build();
    }

    private static Delivery ready(int slot, String sessionId) {
        return Delivery.newBuilder()
                .setGatewaySlot(slot)
                .setSessionReady(SessionReady.newBuilder().setSessionId(sessionId))
                .build();
    }
}
