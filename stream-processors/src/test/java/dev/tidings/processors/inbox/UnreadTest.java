package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.MessageRecalled;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests {@link dev.tidings.processors.inbox.view.UnreadCounts} through the events that change it. */
class UnreadTest {

    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();

    private final EventSequence sequence = new EventSequence("g:climbers");

    @Test
    void a_recalled_message_is_not_unread_any_more() {
        ConversationEvent first = sequence.sent("alice");
        sequence.sent("alice");
        sequence.recalled(first);

        assertUnread(1, 0);
    }

    @Test
    void a_recall_of_a_read_message_does_not_change_the_unread_count() {
        ConversationEvent first = sequence.sent("alice");
        sequence.read("bob", first);
        sequence.sent("alice");
        sequence.recalled(first);

        assertUnread(1, 0);
        assertEquals(List.of(), view().getRecalledIndexesList());
    }

    @Test
    void a_recalled_message_is_dropped_once_it_is_read() {
        ConversationEvent first = sequence.sent("alice");
        ConversationEvent second = sequence.sent("alice");
        sequence.recalled(first);
        sequence.read("bob", second);
        sequence.sent("alice");

        assertUnread(1, 0);
        assertEquals(List.of(), view().getRecalledIndexesList());
    }

    @Test
    void a_recall_of_a_message_too_old_to_be_known_changes_no_number() {
        ConversationEvent first = sequence.sent("alice");
        ConversationEvent recall = sequence.recalled(first);
        ConversationEvent unknown = recall.toBuilder()
                .setMessageRecalled(MessageRecalled.newBuilder().setSeq(first.getSeq()))
                .build();

        assertEquals(1, Counted.messages(Viewed.by("bob", first, unknown)));
    }

    @Test
    void a_message_that_does_not_count_is_not_unread_nor_is_its_recall() {
        sequence.sent("alice");
        sequence.recalled(sequence.sentQuietly("alice", "bob"));

        assertUnread(1, 0);
    }

    @Test
    void mentions_by_name_are_counted() {
        sequence.sent("alice", "bob");
        sequence.sent("alice", "carol");
        sequence.sent("carol", "carol", "bob");

        assertUnread(3, 2);
    }

    @Test
    void a_mention_of_everyone_mentions_all_but_the_sender() {
        sequence.sentToAll("alice");

        assertUnread(1, 1);
        assertEquals(0, Counted.mentions(Viewed.by("alice", sequence.events())));
    }

    @Test
    void a_mention_of_oneself_does_not_count() {
        sequence.sent("bob", "bob");

        assertUnread(0, 0);
    }

    @Test
    void a_recalled_mention_does_not_count() {
        ConversationEvent call = sequence.sent("alice", "bob");
        sequence.sent("alice", "bob");
        sequence.recalled(call);

        assertUnread(1, 1);
    }

    @Test
    void an_edit_that_mentions_the_user_counts_one_mention() {
        ConversationEvent message = sequence.sent("alice");
        sequence.edited(message, "better", "bob");
        sequence.edited(message, "best", "bob");

        assertUnread(1, 1);
    }

    @Test
    void an_edit_that_removes_the_mention_decreases_the_count() {
        ConversationEvent message = sequence.sent("alice", "bob");
        sequence.sent("alice", "bob");
        sequence.edited(message, "better", "carol");

        assertUnread(2, 1);
        assertTrue(view().getNotable().getMentionedByName());
    }

    @Test
    void an_edit_of_the_last_message_changes_whether_it_notifies_as_a_mention() {
        sequence.edited(sequence.sent("alice", "bob"), "better");

        assertFalse(view().getNotable().getMentioned());
        assertFalse(view().getNotable().getMentionedByName());
    }

    @Test
    void an_edit_of_a_read_message_adds_no_mention() {
        ConversationEvent message = sequence.sent("alice");
        sequence.read("bob", message);
        sequence.edited(message, "better", "bob");

        assertUnread(0, 0);
    }

    @Test
    void an_edit_of_a_message_deleted_for_oneself_adds_no_mention() {
        sequence.sent("alice");
        ConversationEvent message = sequence.sent("alice");
        sequence.deleted("bob", 2, 2);
        sequence.edited(message, "better", "bob");

        assertUnread(1, 0);
    }

    @Test
    void an_edit_of_a_message_that_does_not_count_keeps_the_mention_before_it() {
        sequence.sent("alice", "bob");
        ConversationEvent quiet = sequence.sentQuietly("alice", "bob");
        sequence.edited(quiet, "better");

        assertUnread(1, 1);
        assertFalse(view().hasNotable());
    }

    @Test
    void a_mention_added_by_an_edit_is_recalled_with_the_message() {
        ConversationEvent message = sequence.sent("alice");
        sequence.edited(message, "better", "bob");
        sequence.recalled(message);

        assertUnread(0, 0);
    }

    @Test
    void mentions_are_read_with_their_messages() {
        sequence.sent("alice", "bob");
        ConversationEvent second = sequence.sent("alice");
        sequence.sent("alice", "bob");
        sequence.read("bob", second);

        assertUnread(1, 1);
    }

    @Test
    void a_reply_marks_mentions_as_read() {
        sequence.sent("alice", "bob");
        sequence.sent("bob");

        assertUnread(0, 0);
    }

    @Test
    void messages_before_joining_are_not_unread() {
        sequence.created(PROFILE, "alice", "alice");
        sequence.sent("alice");
        ConversationEvent added = sequence.added(PROFILE, "bob");
        ConversationEvent after = sequence.sent("alice");

        assertEquals(1, Counted.messages(Viewed.by("bob", added, after)));
    }

    @Test
    void a_returning_member_has_no_unread_messages() {
        sequence.created(PROFILE, "alice", "alice", "bob");
        sequence.recalled(sequence.sent("alice", "bob"));
        sequence.sent("alice", "bob");
        sequence.left("bob");
        sequence.added(PROFILE, "bob");

        assertUnread(0, 0);
        assertEquals(List.of(), view().getRecalledIndexesList());
    }

    @Test
    void a_repeated_recall_counts_once() {
        ConversationEvent first = sequence.sent("alice");
        sequence.sent("alice");
        sequence.recalled(first);
        ViewRecord view = view();

        sequence.events().forEach(event -> assertSame(view, Viewed.after(view, "bob", event)));
    }

    @Test
    void the_oldest_of_too_many_recalls_and_mentions_are_dropped() {
        List<ConversationEvent> calls = LongStream.rangeClosed(1, 1_100)
                .mapToObj(n -> sequence.sent("alice", "bob"))
                .toList();
        assertEquals(1_024, Counted.mentions(view()));
        assertEquals(77, view().getMentionIndexes(0));

        calls.forEach(sequence::recalled);

        assertEquals(0, Counted.mentions(view()));
        assertEquals(1_024, view().getRecalledIndexesCount());
        assertEquals(77, view().getRecalledIndexes(0));
        assertEquals(76, Counted.messages(view()));
    }

    private void assertUnread(long messages, long mentions) {
        var shown = Counted.shown("g:climbers", view());
        assertEquals(messages, shown.getUnread());
        assertEquals(mentions, shown.getUnreadMentions());
    }

    private ViewRecord view() {
        return Viewed.by("bob", sequence.events());
    }
}
