package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.registerPush;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.inbox.session.SessionCommands;
import dev.tidings.processors.inbox.state.FollowedGroups;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of a large group see shared changes whose events do not name them. */
class GroupHeadsTest {

    private static final String GROUP = "g:climbers";
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();
    private static final GroupProfile RENAMED = GroupProfile.newBuilder()
            .setName("walkers")
            .setAnnouncement("it rains")
            .setHistoryFromStart(true)
            .build();

    private final DrivenTopology inbox =
            DrivenTopology.inbox(new TopicLayout(1, 1, 3, (short) 1), StateStore.Kind.MEMORY);
    private final EventSequence group = new EventSequence(GROUP);

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"FAST", "INCREMENTAL", "FULL"})
    void views_of_large_groups_show_renames(SyncMode mode) {
        large("alice", "bob");
        long version = synced("bob").getVersion();

        shared(group.updated(RENAMED));

        SyncAnswer answer = sync("bob", mode, mode == SyncMode.INCREMENTAL ? version : 0);
        assertEquals(RENAMED, answer.getViews(0).getGroup().getProfile());
        assertTrue(answer.getVersion() > version);
        assertEquals(0, sync("bob", SyncMode.INCREMENTAL, answer.getVersion()).getViewsCount());
    }

    @Test
    void views_of_large_groups_show_dissolution_and_their_devices_stop_following() {
        large("alice", "bob");

        shared(group.dissolved());

        assertTrue(view("bob").getGroup().getDissolved());
        inbox.readBytes();
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));
        assertTrue(inbox.readValues(Topics.DELIVERIES).stream().noneMatch(Delivery::hasFollow));
    }

    @Test
    void views_of_large_groups_show_mutes() {
        large("alice", "bob");

        shared(group.allMuted(true));
        assertTrue(view("bob").getGroup().getAllMuted());

        shared(group.allMuted(false));
        assertFalse(view("bob").getGroup().getAllMuted());
    }

    @Test
    void views_of_small_groups_show_mutes() {
        tell(group.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");

        tell(group.allMuted(true), "alice", "bob");

        assertTrue(view("bob").getGroup().getAllMuted());
    }

    @Test
    void a_message_recalled_as_the_group_becomes_large_is_gone_from_previews_and_unread() {
        tell(group.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");
        ConversationEvent first = group.sent("alice");
        ConversationEvent last = group.sentToAll("alice");
        tell(first, "alice", "bob");
        tell(last, "alice", "bob");
        tellLarge(group.becameLarge(PROFILE, "carol"), "alice", "bob", "carol");
        long version = synced("bob").getVersion();
        assertEquals(2, view("bob").getUnread());

        shared(group.recalled(last));

        ConversationView view = sync("bob", SyncMode.INCREMENTAL, version).getViews(0);
        assertEquals(1, view.getUnread());
        assertEquals(0, view.getUnreadMentions());
        assertTrue(view.getLastMessage().getRecalled());
        assertEquals("", view.getLastMessage().getText());
        assertEquals(1, synced("bob").getBadge());
    }

    @Test
    void a_message_edited_after_the_group_became_large_shows_in_previews() {
        tell(group.created(PROFILE, "alice", "alice", "bob"), "alice", "bob");
        ConversationEvent last = group.sent("alice");
        tell(last, "alice", "bob");
        tellLarge(group.becameLarge(PROFILE, "carol"), "alice", "bob", "carol");

        shared(group.edited(last, "corrected"));

        assertEquals("corrected", view("bob").getLastMessage().getText());
    }

    @Test
    void a_recalled_mention_does_not_count_although_its_recall_names_no_user() {
        large("alice", "bob");
        ConversationEvent mention = group.sent("alice", "bob");
        tellLarge(mention, "bob");
        assertEquals(1, view("bob").getUnreadMentions());

        shared(group.recalled(mention));

        assertEquals(0, view("bob").getUnread());
        assertEquals(0, view("bob").getUnreadMentions());
        assertEquals("", view("bob").getLastMessage().getText());
    }

    @Test
    void a_recall_delivered_by_head_and_by_name_counts_once() {
        large("alice", "bob");
        ConversationEvent other = group.sent("alice");
        ConversationEvent mention = group.sent("alice", "bob");
        tellLarge(other);
        tellLarge(mention, "bob");
        assertEquals(2, view("bob").getUnread());
        ConversationEvent recall = group.recalled(mention);

        pipe(largeRecord(recall, "bob").setMembers(true));

        assertEquals(1, view("bob").getUnread());
    }

    @Test
    void changes_before_and_after_a_membership_do_not_show() {
        large("alice", "bob");
        shared(group.updated(RENAMED));
        tellLarge(group.added(PROFILE, "carol"), "carol");
        assertEquals("climbers", view("carol").getGroup().getProfile().getName());

        tellLarge(group.left("bob"), "bob");
        shared(group.updated(PROFILE));
        shared(group.dissolved());

        assertEquals("walkers", view("bob").getGroup().getProfile().getName());
        assertFalse(view("bob").getGroup().getDissolved());
    }

    @Test
    void access_follows_the_current_history_setting() {
        group.created(PROFILE, "alice", "alice");
        tellLarge(group.added(PROFILE, "bob"), "bob");
        assertEquals(2, access("bob").getFromSeq());

        shared(group.updated(RENAMED));

        assertEquals(1, access("bob").getFromSeq());
    }

    @Test
    void notifications_carry_the_current_group_name() {
        large("alice", "bob");
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));
        pipe(registerPush("bob", origin(0, "bob-phone", "f1"), "phone", "token"));
        pipe(TestRecords.close("bob", "bob-phone"));
        shared(group.updated(RENAMED));

        tellLarge(group.sent("alice", "bob"), "bob");

        assertEquals(
                "walkers", inbox.readValues(Topics.NOTIFICATIONS).getFirst().getTitle());
    }

    @Test
    void a_shared_change_costs_one_small_write_and_changes_no_members_view() {
        large("alice", "bob");
        var before = inbox.contents();
        inbox.readBytes();

        shared(group.updated(RENAMED));

        var after = inbox.contents();
        assertEquals(before.get("views"), after.get("views"));
        assertEquals(before.get("users"), after.get("users"));
        assertTrue(inbox.readValues(Topics.USER_EVENTS).isEmpty());
        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
    }

    @Test
    void a_repeated_shared_change_changes_nothing() {
        large("alice", "bob");
        ConversationEvent renamed = group.updated(RENAMED);
        shared(renamed);
        shared(group.updated(PROFILE));
        var before = inbox.contents();

        shared(renamed);

        assertEquals(before, inbox.contents());
    }

    @Test
    void a_head_keeps_the_newest_recalled_and_edited_messages() {
        EventSequence sequence = new EventSequence(GROUP);
        List<ConversationEvent> messages = IntStream.range(0, GroupHeads.MAX_RECALLED + 10)
                .mapToObj(i -> sequence.sent("alice"))
                .toList();
        ConversationEvent large = sequence.becameLarge(PROFILE, "carol");
        GroupHeadRecord head = GroupHeads.apply(GroupHeadRecord.getDefaultInstance(), large, 1);
        for (ConversationEvent message : messages) {
            head = GroupHeads.apply(head, sequence.edited(message, "corrected"), 2);
            head = GroupHeads.apply(head, sequence.recalled(message), 3);
        }

        assertEquals(GroupHeads.MAX_RECALLED, head.getRecalledCount());
        assertEquals(
                messages.getLast().getSeq(),
                head.getRecalled(GroupHeads.MAX_RECALLED - 1).getSeq());
        assertEquals(GroupHeads.MAX_EDITED, head.getEditedCount());
        assertEquals(
                messages.getLast().getSeq(),
                head.getEdited(GroupHeads.MAX_EDITED - 1).getSeq());
    }

    @Test
    void a_session_follows_its_large_groups_in_records_of_1000() {
        int groups = SessionCommands.MAX_FOLLOWED_AT_ONCE + 1;
        for (int i = 0; i < groups; i++) {
            EventSequence one = new EventSequence("g:group%05d".formatted(i));
            tellLarge(one.created(PROFILE, "alice", "alice", "bob"), "bob");
        }
        inbox.readBytes();

        pipe(open("bob", session("bob-phone", "phone", 0, 1)));

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(
                List.of(SessionCommands.MAX_FOLLOWED_AT_ONCE, 1),
                deliveries.subList(0, 2).stream()
                        .map(delivery -> delivery.getFollow().getConversationIdsCount())
                        .toList());
        assertTrue(deliveries.get(2).hasSessionReady());
    }

    @Test
    void a_user_follows_2000_large_groups_and_no_more_until_one_is_left() {
        EventSequence first = new EventSequence("g:group00000");
        tellLarge(first.created(PROFILE, "alice", "alice", "bob"), "bob");
        for (int i = 1; i < FollowedGroups.MAX_FOLLOWED; i++) {
            EventSequence one = new EventSequence("g:group%05d".formatted(i));
            tellLarge(one.created(PROFILE, "alice", "alice", "bob"), "bob");
        }
        pipe(open("bob", session("bob-web", "web", 1, 1)));
        inbox.readBytes();

        tellLarge(group.created(PROFILE, "alice", "alice", "bob"), "bob");
        assertEquals(
                List.of(false),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> delivery.getEvent().getFollow())
                        .toList());
        assertTrue(view("bob", GROUP).getUnfollowed());

        tellLarge(first.left("bob"), "bob");
        inbox.readBytes();
        tellLarge(group.sent("alice", "bob"), "bob");
        assertTrue(inbox.readValues(Topics.DELIVERIES).getFirst().getEvent().getFollow());
        assertFalse(view("bob", GROUP).getUnfollowed());
    }

    private void large(String... members) {
        tellLarge(group.created(PROFILE, members[0], members), members);
    }

    private void tell(ConversationEvent event, String... recipients) {
        pipe(InboxRecord.newBuilder().setEvent(event).addAllRecipients(List.of(recipients)));
    }

    private void tellLarge(ConversationEvent event, String... recipients) {
        pipe(largeRecord(event, recipients));
    }

    private void shared(ConversationEvent event) {
        pipe(largeRecord(event).setMembers(true));
    }

    private static InboxRecord.Builder largeRecord(ConversationEvent event, String... recipients) {
        return InboxRecord.newBuilder()
                .setEvent(event)
                .addAllRecipients(List.of(recipients))
                .setLarge(true);
    }

    private void pipe(InboxRecord.Builder record) {
        inbox.pipe(Topics.INBOX, 0, record.build(), EPOCH_MILLIS);
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS);
    }

    private ConversationView view(String userId) {
        return view(userId, GROUP);
    }

    private ConversationView view(String userId, String conversationId) {
        inbox.readBytes();
        pipe(TestRecords.sync(userId, origin(1, userId + "-web", "f7"), SyncMode.FULL, 0));
        return inbox.readValues(Topics.DELIVERIES).stream()
                .flatMap(delivery -> delivery.getSyncAnswer().getViewsList().stream())
                .filter(view -> view.getConversationId().equals(conversationId))
                .findFirst()
                .orElseThrow();
    }

    private SyncAnswer synced(String userId) {
        return sync(userId, SyncMode.FULL, 0);
    }

    private SyncAnswer sync(String userId, SyncMode mode, long since) {
        inbox.readBytes();
        pipe(TestRecords.sync(userId, origin(1, userId + "-web", "f7"), mode, since));
        return inbox.readValues(Topics.DELIVERIES).getFirst().getSyncAnswer();
    }

    private AccessAnswer access(String userId) {
        inbox.readBytes();
        pipe(UserCommand.newBuilder()
                .setUserId(userId)
                .setAccessRequest(AccessRequest.newBuilder()
                        .setOrigin(origin(1, userId + "-web", "f7"))
                        .setConversationId(GROUP))
                .build());
        return inbox.readValues(Topics.DELIVERIES).getFirst().getAccessAnswer();
    }
}
