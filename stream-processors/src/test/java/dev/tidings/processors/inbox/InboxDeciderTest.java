package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.SeqRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxDeciderTest {

    private static final String PAIR = "p:alice:bob";

    @Test
    void another_users_message_is_unread() {
        assertEquals(1, Counted.messages(Viewed.by("bob", sent(PAIR, 1, "alice", "m1"))));
    }

    @Test
    void the_users_own_message_is_not_unread() {
        assertEquals(0, Counted.messages(Viewed.by("alice", sent(PAIR, 1, "alice", "m1"))));
    }

    @Test
    void a_reply_marks_earlier_messages_as_read() {
        ViewRecord view = Viewed.by(
                "bob",
                sent(PAIR, 1, "alice", "m1"),
                sent(PAIR, 2, "alice", "m2"),
                sent(PAIR, 3, "bob", "m3"),
                sent(PAIR, 4, "alice", "m4"));

        assertEquals(1, Counted.messages(view));
    }

    @Test
    void a_read_message_is_not_unread() {
        ViewRecord view = Viewed.by(
                "bob",
                sent(PAIR, 1, "alice", "m1"),
                sent(PAIR, 2, "alice", "m2"),
                sent(PAIR, 3, "alice", "m3"),
                read(PAIR, "bob", 2, 3));

        assertEquals(1, Counted.messages(view));
        assertEquals(2, view.getReadSeq());
    }

    @Test
    void a_read_on_one_device_counts_for_the_user_and_is_shown_to_the_peer() {
        ConversationEvent[] events = {sent(PAIR, 1, "alice", "m1"), read(PAIR, "bob", 1, 1)};

        assertEquals(0, Counted.messages(Viewed.by("bob", events)));
        assertEquals(1, Viewed.by("alice", events).getPeerReadSeq());
        assertEquals(0, Viewed.by("alice", events).getReadSeq());
    }

    @Test
    void the_peers_read_position_does_not_change_the_users_unread_count() {
        ViewRecord view = Viewed.by("alice", sent(PAIR, 1, "bob", "m1"), read(PAIR, "bob", 1, 1));

        assertEquals(1, Counted.messages(view));
    }

    @Test
    void a_late_read_does_not_move_the_position_back() {
        ViewRecord view =
                Viewed.by("bob", sent(PAIR, 1, "alice", "m1"), sent(PAIR, 2, "alice", "m2"), read(PAIR, "bob", 2, 2));

        assertSame(view, Viewed.after(view, "bob", read(PAIR, "bob", 1, 2)));
    }

    @Test
    void an_event_applied_before_changes_nothing_and_takes_no_version() {
        ViewRecord view = Viewed.by("bob", sent(PAIR, 1, "alice", "m1"), sent(PAIR, 2, "alice", "m2"));

        assertSame(view, Viewed.after(view, "bob", sent(PAIR, 1, "alice", "m1")));
        assertSame(view, Viewed.after(view, "bob", sent(PAIR, 2, "alice", "m2")));
    }

    @Test
    void a_change_takes_the_version_it_is_given_and_the_time_of_the_event() {
        ViewRecord view = ViewDecider.apply(Viewed.by("bob"), "bob", Viewed.record(sent(PAIR, 7, "alice", "m7")), 42);

        assertEquals(42, view.getVersion());
        assertEquals(at(7), view.getUpdatedAt());
        assertEquals(7, view.getLastSeq());
    }

    @Test
    void an_event_without_a_body_is_rejected() {
        ConversationEvent nothing =
                ConversationEvent.newBuilder().setConversationId(PAIR).setSeq(1).build();

        assertThrows(IllegalArgumentException.class, () -> Viewed.by("bob", nothing));
    }

    @Test
    void a_short_text_is_its_own_preview() {
        assertEquals("hello", previewOf(text("hello")));
        assertEquals("x".repeat(120), previewOf(text("x".repeat(120))));
    }

    @Test
    void a_long_text_is_cut_at_120_characters() {
        assertEquals("x".repeat(120), previewOf(text("x".repeat(121))));
    }

    @Test
    void emoji_count_as_one_character_and_are_never_cut_in_two() {
        assertEquals("😀".repeat(120), previewOf(text("😀".repeat(121))));
        assertEquals("😀".repeat(120), previewOf(text("😀".repeat(120))));
        assertEquals("x".repeat(119) + "😀", previewOf(text("x".repeat(119) + "😀😀")));
    }

    @Test
    void chinese_japanese_and_korean_texts_are_cut_by_characters_not_bytes() {
        assertEquals("漢".repeat(120), previewOf(text("漢".repeat(200))));
        assertEquals("𠮷".repeat(120), previewOf(text("𠮷".repeat(200))));
    }

    @Test
    void content_other_than_text_is_shown_by_its_kind() {
        assertEquals(
                "[image]",
                previewOf(Content.newBuilder()
                        .setImage(ImageContent.newBuilder().setCaption("secret"))
                        .build()));
        assertEquals(
                "[location]",
                previewOf(Content.newBuilder()
                        .setLocation(LocationContent.newBuilder().setName("home"))
                        .build()));
        assertEquals(
                "[encrypted]",
                previewOf(Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder().setScheme("mls"))
                        .build()));
    }

    @Test
    void a_view_is_shown_with_its_preview_and_positions() {
        ViewRecord view = Viewed.by(
                "bob",
                sent(PAIR, 1, "alice", "m1"),
                read(PAIR, "bob", 1, 1),
                read(PAIR, "alice", 1, 1),
                sent(PAIR, 2, "alice", "m2"));

        var shown = Counted.shown(PAIR, view);

        assertEquals(PAIR, shown.getConversationId());
        assertEquals(2, shown.getLastSeq());
        assertEquals(1, shown.getUnread());
        assertEquals(1, shown.getReadSeq());
        assertEquals(1, shown.getPeerReadSeq());
        assertEquals(4, shown.getVersion());
        assertEquals("alice", shown.getLastMessage().getSender());
        assertEquals(2, shown.getLastMessage().getSeq());
        assertEquals("says m2", shown.getLastMessage().getText());
    }

    @Test
    void an_edit_of_the_last_message_shows_in_the_preview_and_an_edit_of_another_does_not() {
        EventSequence sequence = new EventSequence(PAIR);
        ConversationEvent first = sequence.sent("alice");
        ConversationEvent last = sequence.sent("alice");
        sequence.edited(first, "not this");
        sequence.edited(last, "but this");

        ViewRecord view = Viewed.by("bob", sequence.events());

        assertEquals("but this", view.getLastMessage().getText());
        assertEquals(last.getSeq(), view.getLastMessage().getSeq());
        assertEquals(4, view.getLastSeq());
        assertEquals(2, Counted.messages(view));
    }

    @Test
    void a_last_message_that_is_recalled_leaves_its_place_without_its_text() {
        EventSequence sequence = new EventSequence(PAIR);
        ConversationEvent last = sequence.sent("alice");
        sequence.recalled(last);

        ViewRecord view = Viewed.by("bob", sequence.events());

        assertEquals(
                MessagePreview.newBuilder()
                        .setSeq(1)
                        .setSender("alice")
                        .setSentAt(at(1))
                        .setRecalled(true)
                        .build(),
                view.getLastMessage());
    }

    @Test
    void a_recalled_message_stays_recalled_after_an_edit() {
        EventSequence sequence = new EventSequence(PAIR);
        ConversationEvent last = sequence.sent("alice");
        sequence.recalled(last);
        sequence.edited(last, "back again");

        assertEquals("", Viewed.by("bob", sequence.events()).getLastMessage().getText());
    }

    @Test
    void edits_and_recalls_of_unknown_messages_make_no_preview() {
        EventSequence sequence = new EventSequence(PAIR);
        ConversationEvent unheard = sequence.sent("alice");

        ViewRecord view = Viewed.by("bob", sequence.edited(unheard, "what?"), sequence.recalled(unheard));

        assertFalse(view.hasLastMessage());
        assertFalse(Counted.shown(PAIR, view).hasLastMessage());
    }

    @Test
    void reactions_and_pins_change_the_version_but_not_the_unread_count() {
        EventSequence sequence = new EventSequence(PAIR);
        sequence.sent("alice");
        sequence.reacted("alice", 1);
        sequence.pinned("alice", 1);

        ViewRecord view = Viewed.by("bob", sequence.events());

        assertEquals(3, view.getLastSeq());
        assertEquals(at(3), view.getUpdatedAt());
        assertEquals(1, Counted.messages(view));
        assertEquals("says 1", view.getLastMessage().getText());
    }

    @Test
    void a_deletion_for_oneself_affects_that_user_only() {
        EventSequence sequence = new EventSequence(PAIR);
        sequence.sent("alice");
        sequence.deleted("bob", 1, 1);

        assertEquals(
                List.of(SeqRange.newBuilder().setFromSeq(1).setToSeq(1).build()),
                Counted.shown(PAIR, Viewed.by("bob", sequence.events())).getDeletedList());
        assertEquals(List.of(), Viewed.by("alice", sequence.events()).getDeletedList());
    }

    @Test
    void the_1000_deleted_ranges_with_the_highest_seqs_are_kept() {
        EventSequence sequence = new EventSequence("p:alice:bob");
        ViewRecord view = ViewRecord.getDefaultInstance();
        for (int i = 0; i < ViewDecider.MAX_DELETED_RANGES + 7; i++) {
            view = ViewDecider.apply(
                    view,
                    "bob",
                    InboxRecord.newBuilder()
                            .setEvent(sequence.deleted("bob", 2 * i + 1, 2 * i + 1))
                            .build(),
                    i + 1);
        }

        assertEquals(ViewDecider.MAX_DELETED_RANGES, view.getDeletedCount());
        assertEquals(15, view.getDeleted(0).getFromSeq());
    }

    @Test
    void deleting_again_what_is_deleted_takes_no_version() {
        EventSequence sequence = new EventSequence(PAIR);
        sequence.sent("alice");
        ViewRecord view = Viewed.by("bob", sequence.sent("alice"), sequence.deleted("bob", 1, 2));

        assertSame(view, Viewed.after(view, "bob", sequence.deleted("bob", 2, 2)));
    }

    @Test
    void a_message_without_a_seq_changes_nothing() {
        ViewRecord view = Viewed.by("bob", sent(PAIR, 1, "alice", "m1"));

        assertSame(view, Viewed.after(view, "bob", sent(PAIR, 0, "alice", "m0")));
    }

    private static String previewOf(Content content) {
        return Viewed.by("bob", sent(PAIR, 1, "alice", "m1", content))
                .getLastMessage()
                .getText();
    }
}
