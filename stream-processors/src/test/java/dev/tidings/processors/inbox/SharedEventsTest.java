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
    void the_head_keeps_no_recalled_words() {
        ConversationEvent message = group.sent("alice");
        apply(message);
        assertTrue(heads().toString().contains("says 2"));

        apply(group.recalled(message));

        assertEquals(List.of(), heads());
        assertEquals(0, view("bob").getUnread());
        assertTrue(view("bob").getLastMessage().getRecalled());
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
    void a_repeated_event_that_ended_earlier_shared_events_does_not_end_later_ones() {
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

    private SyncAnswer sync(String userId, SyncMode mode, long since) {
        inbox.readBytes();
        pipe(TestRecords.sync(userId, origin(1, userId + "-web", "f7"), mode, since));
        return inbox.readValues(Topics.DELIVERIES).getFirst().getSyncAnswer();
    }
}
