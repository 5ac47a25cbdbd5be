package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Views after a message expires, or after its reader deletes it for themselves. */
class GoneMessagesTest {

    private static final Timestamp BEFORE = at(99);
    private static final Timestamp EXPIRY = at(100);

    private final EventSequence sequence = new EventSequence("g:climbers");

    @Test
    void an_expired_message_is_gone_from_unread_mentions_badge_and_preview() {
        sequence.sent("alice");
        sequence.sentUntil(100, "alice", "bob");

        ConversationView before = shown(BEFORE);
        assertEquals(2, before.getUnread());
        assertEquals(1, before.getUnreadMentions());
        assertEquals(2, UnreadCounts.inBadge(view(), BEFORE));
        assertEquals(EXPIRY, before.getLastMessage().getExpiresAt());

        ConversationView after = shown(EXPIRY);
        assertEquals(1, after.getUnread());
        assertEquals(0, after.getUnreadMentions());
        assertEquals(1, UnreadCounts.inBadge(view(), EXPIRY));
        assertFalse(after.hasLastMessage());
    }

    @Test
    void an_expiring_message_is_dropped_once_it_is_read() {
        sequence.read("bob", sequence.sentUntil(100, "alice"));
        sequence.sent("alice");

        assertEquals(List.of(), view().getExpiringList());
        assertEquals(1, shown(EXPIRY).getUnread());
        assertTrue(shown(EXPIRY).hasLastMessage());
    }

    @Test
    void a_recalled_message_that_expires_is_taken_away_once() {
        sequence.sent("alice");
        sequence.recalled(sequence.sentUntil(100, "alice"));

        assertEquals(1, shown(BEFORE).getUnread());
        assertEquals(1, shown(EXPIRY).getUnread());
    }

    @Test
    void a_users_own_message_that_expires_takes_nothing_away() {
        sequence.sentUntil(100, "bob");
        sequence.sent("alice");

        assertEquals(1, shown(EXPIRY).getUnread());
    }

    @Test
    void a_message_that_expires_and_does_not_count_takes_nothing_away() {
        sequence.sent("alice");
        ConversationEvent quiet = sequence.sentQuietly("alice");
        ViewRecord view = Viewed.by(
                "bob",
                sequence.events().getFirst(),
                quiet.toBuilder()
                        .setMessageSent(quiet.getMessageSent().toBuilder().setExpiresAt(EXPIRY))
                        .build());

        assertEquals(1, UnreadCounts.messages(view, EXPIRY));
        assertFalse(Counted.shown("g:climbers", view)
                .getLastMessage()
                .getExpiresAt()
                .equals(Timestamp.getDefaultInstance()));
    }

    @Test
    void at_most_1_024_expiring_messages_are_kept_the_newest() {
        LongStream.rangeClosed(1, 1_100).forEach(n -> sequence.sentUntil(100, "alice"));

        assertEquals(1_024, view().getExpiringCount());
        assertEquals(1_100, shown(BEFORE).getUnread());
        assertEquals(76, shown(EXPIRY).getUnread());
    }

    @Test
    void an_expired_broadcast_is_gone_from_unread_badge_and_preview() {
        EventSequence news = new EventSequence("b:news");
        BroadcastRecord one = Broadcasts.apply(BroadcastRecord.getDefaultInstance(), news.sent("shop"), 1);
        BroadcastRecord two = Broadcasts.apply(one, news.sentUntil(100, "shop"), 2);
        ViewRecord seen = Broadcasts.seen(two, ViewRecord.getDefaultInstance());

        assertEquals(2, UnreadCounts.inBadge(seen, BEFORE));
        assertEquals(1, UnreadCounts.inBadge(seen, EXPIRY));
        assertTrue(ViewDecider.shown("b:news", seen, BEFORE).hasLastMessage());
        assertFalse(ViewDecider.shown("b:news", seen, EXPIRY).hasLastMessage());
    }

    @Test
    void a_broadcast_deleted_for_me_is_gone_from_unread_badge_and_preview_and_notifies_no_more() {
        EventSequence news = new EventSequence("b:news");
        BroadcastRecord broadcast = Broadcasts.apply(BroadcastRecord.getDefaultInstance(), news.sent("shop"), 1);
        ViewRecord own = Viewed.by("bob", news.deleted("bob", 1, 1));

        ViewRecord seen = Broadcasts.seen(broadcast, own);

        assertEquals(0, UnreadCounts.inBadge(seen, BEFORE));
        assertFalse(ViewDecider.shown("b:news", seen, BEFORE).hasLastMessage());
        assertFalse(seen.hasNotable());
    }

    @Test
    void a_message_deleted_for_me_is_gone_from_unread_mentions_badge_and_preview() {
        sequence.sent("alice");
        sequence.sent("alice", "bob");
        sequence.deleted("bob", 2, 2);

        ConversationView shown = shown(BEFORE);
        assertEquals(1, shown.getUnread());
        assertEquals(0, shown.getUnreadMentions());
        assertEquals(1, UnreadCounts.inBadge(view(), BEFORE));
        assertFalse(shown.hasLastMessage());
        assertFalse(view().hasNotable());
        assertEquals("", view().getLastMessage().getText());
    }

    @Test
    void deleting_up_to_a_seq_leaves_what_came_after_it_unread() {
        LongStream.rangeClosed(1, 5).forEach(n -> sequence.sent("alice"));
        sequence.deleted("bob", 1, 5);

        assertEquals(0, shown(BEFORE).getUnread());
        assertFalse(shown(BEFORE).hasLastMessage());

        sequence.sent("alice");

        assertEquals(1, shown(BEFORE).getUnread());
        assertEquals(5, shown(BEFORE).getCountedIndex());
        assertEquals("says 6", shown(BEFORE).getLastMessage().getText());
    }

    @Test
    void a_later_edit_of_a_message_deleted_for_me_does_not_bring_it_back() {
        ConversationEvent message = sequence.sent("alice");
        sequence.deleted("bob", 1, 1);
        sequence.edited(message, "better");

        assertFalse(shown(BEFORE).hasLastMessage());
        assertEquals("", view().getLastMessage().getText());
    }

    @Test
    void a_deletion_for_oneself_changes_nothing_for_the_others() {
        sequence.sent("alice");
        sequence.deleted("carol", 1, 1);

        assertEquals(1, shown(BEFORE).getUnread());
        assertTrue(shown(BEFORE).hasLastMessage());
    }

    @Test
    void a_message_deleted_and_recalled_and_expired_is_taken_away_once() {
        sequence.sent("alice");
        ConversationEvent message = sequence.sentUntil(100, "alice");
        sequence.deleted("bob", 2, 2);
        sequence.recalled(message);

        assertEquals(1, shown(EXPIRY).getUnread());
    }

    @Test
    void at_most_1_024_deleted_messages_are_kept_the_newest() {
        LongStream.rangeClosed(1, 1_101).forEach(n -> sequence.sent("alice"));
        LongStream.rangeClosed(2, 1_101).forEach(n -> sequence.deleted("bob", n, n));

        assertEquals(1_024, view().getDeletedIndexesCount());
        assertEquals(77, shown(BEFORE).getUnread());
    }

    @Test
    void a_former_member_can_read_and_delete_and_has_no_unread_messages() {
        ConversationEvent first = sequence.sent("alice", "bob");
        sequence.sent("alice");
        sequence.left("bob");
        sequence.read("bob", first);
        assertEquals(1, shown(BEFORE).getUnread());
        assertEquals(0, shown(BEFORE).getUnreadMentions());

        sequence.deleted("bob", 1, 2);

        assertEquals(0, shown(BEFORE).getUnread());
        assertFalse(shown(BEFORE).hasLastMessage());
    }

    private ConversationView shown(Timestamp at) {
        return ViewDecider.shown("g:climbers", view(), at);
    }

    private ViewRecord view() {
        return Viewed.by("bob", sequence.events());
    }
}
