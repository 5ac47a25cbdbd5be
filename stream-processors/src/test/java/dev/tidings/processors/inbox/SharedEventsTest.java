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
import dev.tidings.processors.inbox.view.SharedEvents;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members of a group that is not large see events that are written to its head only, and not to their views. */
class SharedEventsTest {

    private static final String GROUP = "g:climbers";
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();
    private static final String[] MEMBERS = {"alice", "bob", "carol"};

    private final DrivenTopology inbox =
            DrivenTopology.inbox(new TopicLayout(1, 1, 3, (short) 1), StateStore.Kind.MEMORY);
    private final EventSequence group = new EventSequence(GROUP);
    private long millis = EPOCH_MILLIS;

    @BeforeEach
    void create_the_group() {
        apply(group.created(PROFILE, "alice", MEMBERS));
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_sync_shows_a_message_that_no_receivers_view_has() {
        long version = sync("bob", SyncMode.FULL, 0).getVersion();
        List<String> views = viewsOf("bob");

        ConversationEvent message = group.sent("alice");
        apply(message);
        apply(group.reacted("carol", message.getSeq()));

        assertEquals(views, viewsOf("bob"));
        SyncAnswer answer = sync("bob", SyncMode.INCREMENTAL, version);
        assertEquals(1, answer.getBadge());
        ConversationView view = answer.getViews(0);
        assertEquals(1, view.getUnread());
        assertEquals(3, view.getLastSeq());
        assertEquals(message.getSeq(), view.getLastMessage().getSeq());
        assertTrue(view.getVersion() > version);
        assertEquals(0, sync("bob", SyncMode.INCREMENTAL, answer.getVersion()).getViewsCount());
    }

    @Test
    void reading_writes_the_view_and_the_next_message_is_unread_again() {
        ConversationEvent first = group.sent("alice");
        apply(first);

        apply(group.read("bob", first), "bob");
        assertEquals(0, view("bob").getUnread());
        assertEquals(1, view("carol").getUnread());

        apply(group.sent("alice"));
        assertEquals(1, view("bob").getUnread());
        assertEquals(2, view("carol").getUnread());
    }

    @Test
    void only_the_view_of_the_mentioned_member_is_written() {
        apply(group.sent("alice"));
        List<String> bob = viewsOf("bob");
        List<String> carol = viewsOf("carol");

        apply(group.sent("alice", "carol"));

        assertEquals(bob, viewsOf("bob"));
        assertFalse(carol.equals(viewsOf("carol")));
        assertEquals(2, view("bob").getUnread());
        assertEquals(0, view("bob").getUnreadMentions());
        assertEquals(2, view("carol").getUnread());
        assertEquals(1, view("carol").getUnreadMentions());
    }

    @Test
    void the_sender_has_no_unread_messages_before_their_own() {
        apply(group.sent("alice"));

        apply(group.sent("bob"));
        assertEquals(0, view("bob").getUnread());
        assertEquals(1, view("alice").getUnread());

        apply(group.sent("carol"));
        assertEquals(1, view("bob").getUnread());
    }

    @Test
    void a_member_who_joins_sees_no_earlier_message() {
        apply(group.sent("alice"));

        apply(group.added(PROFILE, "dave"), "alice", "bob", "carol", "dave");
        apply(group.reacted("alice", 2), "alice", "bob", "carol", "dave");

        assertEquals(4, view("dave").getLastSeq());
        assertEquals(0, view("dave").getUnread());
        assertFalse(view("dave").hasLastMessage());
    }

    @Test
    void a_member_who_leaves_keeps_the_messages_until_then_and_gets_no_later_ones() {
        apply(group.sent("alice"));
        apply(group.left("bob"));

        apply(group.sent("alice"), "alice", "carol");

        assertEquals(3, view("bob").getLastSeq());
        assertEquals(1, view("bob").getUnread());
        assertEquals(2, view("carol").getUnread());
    }

    @Test
    void no_record_keeps_recalled_words() {
        ConversationEvent message = group.sent("alice");
        apply(message);
        assertTrue(heads().toString().contains("says 2"));
        assertTrue(viewsOf("alice").toString().contains("says 2"));
        List<String> bob = viewsOf("bob");

        apply(group.recalled(message));

        assertFalse(inbox.contents().toString().contains("says 2"));
        assertEquals(bob, viewsOf("bob"));
        assertEquals(0, view("bob").getUnread());
        assertTrue(view("bob").getLastMessage().getRecalled());
    }

    @Test
    void no_record_keeps_words_that_an_edit_replaces() {
        ConversationEvent message = group.sent("alice", "carol");
        apply(message);
        List<String> bob = viewsOf("bob");

        apply(group.edited(message, "better"));

        assertFalse(inbox.contents().toString().contains("says 2"));
        assertEquals(bob, viewsOf("bob"));
        assertEquals("better", view("bob").getLastMessage().getText());
        assertEquals(0, view("carol").getUnreadMentions());
    }

    @Test
    void a_head_that_no_view_needs_keeps_no_recalled_words() {
        apply(group.sent("alice"));
        ConversationEvent message = group.sent("alice", "bob", "carol");
        apply(message);
        assertTrue(viewsOf("bob").toString().contains("says 3"));

        apply(group.recalled(message));

        assertFalse(inbox.contents().toString().contains("says 3"));
    }

    @Test
    void a_message_that_mentions_all_is_counted_without_a_write_to_the_views() {
        List<String> bob = viewsOf("bob");
        ConversationEvent message = group.sentToAll("alice");

        apply(message);

        assertEquals(bob, viewsOf("bob"));
        assertEquals(1, view("bob").getUnreadMentions());
        assertEquals(0, view("alice").getUnreadMentions());

        apply(group.recalled(message));

        assertEquals(bob, viewsOf("bob"));
        assertEquals(0, view("bob").getUnreadMentions());
    }

    @Test
    void a_message_that_mentions_all_does_not_mention_a_user_who_has_blocked_its_sender() {
        pipe(InboxRecord.newBuilder()
                .setEvent(new EventSequence("p:alice:bob").blocked("bob", true))
                .addRecipients("bob"));

        apply(group.sentToAll("alice"));

        assertEquals(0, groupView("bob").getUnreadMentions());
        assertEquals(1, groupView("bob").getUnread());
        assertEquals(1, groupView("carol").getUnreadMentions());
    }

    @Test
    void a_new_profile_is_shown_without_a_write_to_the_views_and_stored_once() {
        List<String> bob = viewsOf("bob");

        apply(group.updated(GroupProfile.newBuilder().setName("walkers").build()));
        apply(group.allMuted(true));
        apply(group.sent("alice"));

        assertEquals(bob, viewsOf("bob"));
        assertEquals("walkers", view("bob").getGroup().getProfile().getName());
        assertTrue(view("bob").getGroup().getAllMuted());
        assertEquals(
                1, heads().stream().filter(head -> head.contains("walkers")).count());
        assertTrue(heads().stream().noneMatch(head -> head.contains("walkers") && head.contains("says")));
    }

    @Test
    void a_member_who_joins_after_a_new_profile_has_that_of_their_joining() {
        apply(group.updated(GroupProfile.newBuilder().setName("walkers").build()));
        apply(
                group.added(GroupProfile.newBuilder().setName("runners").build(), "dave"),
                "alice",
                "bob",
                "carol",
                "dave");
        apply(group.sent("alice"), "alice", "bob", "carol", "dave");

        assertEquals("runners", view("dave").getGroup().getProfile().getName());
        assertEquals("walkers", view("bob").getGroup().getProfile().getName());
    }

    @Test
    void a_recall_beyond_the_limit_is_written_to_all_views() {
        List<String> bob = viewsOf("bob");
        for (int i = 0; i < SharedEvents.MAX_CHANGES; i++) {
            recallOne();
        }
        assertEquals(bob, viewsOf("bob"));

        recallOne();

        assertFalse(bob.equals(viewsOf("bob")));
        assertEquals(List.of(), heads());
        assertEquals(0, view("bob").getUnread());

        apply(group.sent("alice"));
        assertEquals(1, view("bob").getUnread());
    }

    @Test
    void a_mention_of_all_beyond_the_limit_is_written_to_all_views() {
        List<String> bob = viewsOf("bob");
        for (int i = 0; i < SharedEvents.MAX_CHANGES; i++) {
            apply(group.sentToAll("alice"));
        }
        assertEquals(bob, viewsOf("bob"));

        apply(group.sentToAll("alice"));

        assertFalse(bob.equals(viewsOf("bob")));
        assertEquals(SharedEvents.MAX_CHANGES + 1, view("bob").getUnreadMentions());
    }

    @Test
    void an_expiring_message_beyond_the_limit_is_written_to_all_views() {
        List<String> bob = viewsOf("bob");
        for (int i = 0; i < SharedEvents.MAX_CHANGES; i++) {
            apply(group.sentUntil(3_600, "alice"));
        }
        assertEquals(bob, viewsOf("bob"));

        apply(group.sentUntil(3_600, "alice"));

        assertFalse(bob.equals(viewsOf("bob")));
        assertEquals(List.of(), heads());
        assertEquals(SharedEvents.MAX_CHANGES + 1, view("bob").getUnread());
    }

    @Test
    void the_head_ends_with_the_last_member_of_its_partition() {
        apply(group.sent("alice"));
        apply(group.updated(PROFILE.toBuilder().setName("walkers").build()));
        apply(group.removed("alice", "bob"));
        apply(group.sent("carol"), "carol");
        assertFalse(heads().isEmpty());

        apply(group.left("carol"), "carol");

        assertEquals(List.of(), heads());
        apply(group.added(PROFILE, "bob"), "bob");
        apply(group.sent("dave"), "bob");
        assertEquals(1, view("bob").getUnread());
    }

    private void recallOne() {
        ConversationEvent message = group.sent("alice");
        apply(message);
        apply(group.recalled(message));
    }

    @Test
    void a_group_that_becomes_large_has_the_messages_from_before_in_all_views() {
        apply(group.sent("alice"));

        pipe(InboxRecord.newBuilder()
                .setEvent(group.becameLarge(PROFILE, "dave"))
                .setLarge(true)
                .addAllRecipients(List.of("alice", "bob", "carol", "dave")));

        assertFalse(heads().toString().contains("shared"));
        assertEquals(1, view("bob").getUnread());
        assertTrue(view("bob").getLarge());
    }

    @Test
    void a_message_ends_hiding_without_a_write_to_the_view() {
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeSettings(ChangeSettings.newBuilder()
                        .setOrigin(origin(1, "bob-web", "f1"))
                        .setConversationId(GROUP)
                        .setHidden(true))
                .build());
        assertTrue(view("bob").getHidden());

        apply(group.sent("alice"));

        assertFalse(view("bob").getHidden());
    }

    @Test
    void an_expired_message_counts_no_more() {
        apply(group.sentUntil(10, "alice"));
        apply(group.sent("alice"));
        assertEquals(2, view("bob").getUnread());

        millis = EPOCH_MILLIS + 10_000;

        assertEquals(1, view("bob").getUnread());
    }

    @Test
    void a_member_without_a_session_is_notified_of_each_message_with_the_badge_of_all() {
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));
        pipe(registerPush("bob", origin(0, "bob-phone", "f1"), "phone", "token"));
        pipe(TestRecords.close("bob", "bob-phone"));
        inbox.readBytes();

        apply(group.sent("alice"));
        apply(group.sent("carol"));

        assertEquals(
                List.of(1L, 2L),
                inbox.readValues(Topics.NOTIFICATIONS).stream()
                        .map(Notification::getBadge)
                        .toList());
    }

    @Test
    void a_repeated_message_changes_nothing() {
        ConversationEvent message = group.sent("alice");
        apply(message);
        apply(group.sent("carol"));
        var before = inbox.contents();

        apply(message);

        assertEquals(before, inbox.contents());
    }

    @Test
    void a_repeated_new_profile_does_not_end_later_shared_events() {
        ConversationEvent renamed = group.updated(PROFILE);
        apply(renamed);
        apply(group.sent("alice"));

        apply(renamed);

        assertEquals(1, view("bob").getUnread());
    }

    private void apply(ConversationEvent event, String... recipients) {
        pipe(InboxRecord.newBuilder()
                .setEvent(event)
                .addAllRecipients(List.of(recipients.length == 0 ? MEMBERS : recipients)));
    }

    private void pipe(InboxRecord.Builder record) {
        inbox.pipe(Topics.INBOX, 0, record.build(), ++millis);
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, ++millis);
    }

    private List<String> viewsOf(String userId) {
        return inbox.contents().getOrDefault("views", List.of()).stream()
                .filter(entry -> entry.startsWith(userId))
                .toList();
    }

    private List<String> heads() {
        return inbox.contents().getOrDefault("group-heads", List.of());
    }

    private ConversationView view(String userId) {
        return sync(userId, SyncMode.FULL, 0).getViews(0);
    }

    /** As {@link #view}, for a user with further conversations. */
    private ConversationView groupView(String userId) {
        return sync(userId, SyncMode.FULL, 0).getViewsList().stream()
                .filter(view -> view.getConversationId().equals(GROUP))
                .findFirst()
                .orElseThrow();
    }

    private SyncAnswer sync(String userId, SyncMode mode, long since) {
        inbox.readBytes();
        pipe(TestRecords.sync(userId, origin(1, userId + "-web", "f7"), mode, since));
        return inbox.readValues(Topics.DELIVERIES).getFirst().getSyncAnswer();
    }
}
