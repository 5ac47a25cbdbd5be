package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessageState;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LayeredHistoryTest {

    private static final String CONVERSATION = "p:alice:bob";
    private static final long ALL = 1_000_000;
    private static final long NOW = 1_000;

    @Test
    void events_in_the_recent_layer_are_read_from_it_alone() {
        HistoryRange range = read(new Kept(1, 10), new Broken(), 3, 5, 200);

        assertEquals(List.of(3L, 4L, 5L), seqs(range));
        assertTrue(range.complete());
        assertEquals(10, range.headSeq());
    }

    @Test
    void events_trimmed_from_the_recent_layer_come_from_the_full_one() {
        HistoryRange range = read(new Kept(6, 10), new Kept(1, 10), 4, 8, 200);

        assertEquals(List.of(4L, 5L, 6L, 7L, 8L), seqs(range));
        assertTrue(range.complete());
    }

    @Test
    void an_empty_or_failing_recent_layer_is_replaced_by_the_full_one() {
        assertEquals(List.of(1L, 2L), seqs(read(new Kept(1, 0), new Kept(1, 2), 1, 10, 200)));
        assertEquals(List.of(1L, 2L), seqs(read(new Broken(), new Kept(1, 2), 1, 10, 200)));
    }

    @Test
    void a_range_beyond_the_head_ends_there_and_is_complete() {
        HistoryRange range = read(new Kept(1, 3), new Kept(1, 3), 1, Long.MAX_VALUE, 200);

        assertEquals(List.of(1L, 2L, 3L), seqs(range));
        assertTrue(range.complete());
        assertEquals(List.of(), seqs(read(new Kept(1, 3), new Kept(1, 3), 4, 9, 200)));
    }

    @Test
    void a_range_above_the_limit_returns_the_newest_events_and_is_not_complete() {
        HistoryRange range = read(new Kept(1, 10), new Kept(1, 10), 1, 10, 2);

        assertEquals(List.of(9L, 10L), seqs(range));
        assertEquals(9, range.fromSeq());
        assertEquals(10, range.toSeq());
        assertFalse(range.complete());
    }

    @Test
    void pulls_up_to_the_begin_of_the_previous_answer_return_everything_once() {
        List<Long> pulled = new ArrayList<>();
        long to = Long.MAX_VALUE;
        HistoryRange range;
        do {
            range = read(new Kept(802, 1_001), new Kept(1, 1_001), 1, to, 200);
            pulled.addAll(0, seqs(range));
            to = range.fromSeq() - 1;
        } while (!range.complete());

        assertEquals(LongStream.rangeClosed(1, 1_001).boxed().toList(), pulled);
    }

    @Test
    void a_range_above_the_byte_limit_returns_the_newest_events() {
        Log log = new Log().messages(1, 10);
        long one = log.events.lastEntry().getValue().getSerializedSize();

        HistoryRange fromRecent = read(log.kept(1, 10), new Broken(), 1, 10, 200, 3 * one + 1);
        HistoryRange fromBoth = read(log.kept(10, 10), log.kept(1, 10), 1, 10, 200, 3 * one + 1);
        HistoryRange oneAtLeast = read(log.kept(1, 10), new Broken(), 1, 10, 200, 1);

        assertEquals(List.of(8L, 9L, 10L), seqs(fromRecent));
        assertEquals(8, fromRecent.fromSeq());
        assertFalse(fromRecent.complete());
        assertEquals(List.of(8L, 9L, 10L), seqs(fromBoth));
        assertEquals(List.of(10L), seqs(oneAtLeast));
    }

    @Test
    void an_event_missing_from_both_layers_makes_the_range_incomplete_up_to_it() {
        HistoryRange range = read(new Kept(6, 10), new Kept(1, 3), 1, 10, 200);

        assertEquals(List.of(1L, 2L, 3L, 6L, 7L, 8L, 9L, 10L), seqs(range));
        assertEquals(6, range.fromSeq());
        assertFalse(range.complete());
    }

    @Test
    void the_recent_layer_alone_answers_incompletely_while_the_full_one_fails() {
        HistoryRange range = read(new Kept(6, 10), new Broken(), 1, 10, 200);

        assertEquals(List.of(6L, 7L, 8L, 9L, 10L), seqs(range));
        assertEquals(6, range.fromSeq());
        assertFalse(range.complete());
        assertThrows(ReadModelUnavailableException.class, () -> read(new Kept(6, 10), new Broken(), 1, 5, 200));
        assertThrows(ReadModelUnavailableException.class, () -> read(new Broken(), new Broken(), 1, 10, 200));
    }

    @Test
    void a_recent_layer_that_lags_does_not_hide_events_of_the_full_one() {
        HistoryRange toTheNewest = read(new Kept(1, 10), new Kept(1, 14), 9, Long.MAX_VALUE, 200);
        HistoryRange toAKnownSeq = read(new Kept(1, 10), new Kept(1, 14), 9, 12, 200);

        assertEquals(List.of(9L, 10L, 11L, 12L, 13L, 14L), seqs(toTheNewest));
        assertEquals(14, toTheNewest.headSeq());
        assertTrue(toTheNewest.complete());
        assertEquals(List.of(9L, 10L, 11L, 12L), seqs(toAKnownSeq));
        assertTrue(toAKnownSeq.complete());
    }

    @Test
    void an_open_range_is_not_complete_while_the_full_layer_fails() {
        assertFalse(read(new Kept(1, 10), new Broken(), 9, Long.MAX_VALUE, 200).complete());
        assertFalse(read(new Kept(1, 10), new Broken(), 9, 12, 200).complete());
        assertTrue(read(new Kept(1, 10), new Broken(), 9, 10, 200).complete());
    }

    @Test
    void a_recent_layer_found_behind_is_not_read_alone_for_a_while() {
        Log log = new Log().messages(1, 8).recall(9, 2).messages(10, 12);
        AtomicLong nanos = new AtomicLong();
        LayeredHistory history = new LayeredHistory(log.kept(1, 8), log.kept(1, 12), ALL, () -> NOW, nanos::get);

        history.read(CONVERSATION, 1, Long.MAX_VALUE, 200);

        assertEquals(List.of("text 1", "recalled"), shown(history.read(CONVERSATION, 1, 2, 200)));
        assertEquals(12, history.read(CONVERSATION, 1, 2, 200).headSeq());
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertEquals(8, history.read(CONVERSATION, 1, 2, 200).headSeq());
    }

    @Test
    void a_full_layer_that_lags_never_shows_recalled_text() {
        Log log = new Log().messages(1, 8).recall(9, 2).messages(10, 14);

        // the recall has left the recent layer and has not reached the full one
        HistoryRange old = read(log.kept(12, 14), log.kept(1, 8), 1, 3, 200);
        HistoryRange all = read(log.kept(10, 14), log.kept(1, 8).and(log.kept(10, 10)), 1, 14, 200);

        assertEquals(List.of(), seqs(old));
        assertEquals(4, old.fromSeq());
        assertFalse(old.complete());
        assertEquals(List.of(10L, 11L, 12L, 13L, 14L), seqs(all));
        assertFalse(all.complete());
        // the two layers together hold every change
        assertEquals(List.of("text 1", "recalled", "text 3"), shown(read(log.kept(10, 14), log.kept(1, 9), 1, 3, 200)));
    }

    @Test
    void a_recall_known_to_one_layer_is_shown_though_the_other_lags() {
        Log log = new Log().messages(1, 4).recall(5, 2).messages(6, 14);

        assertEquals(List.of("recalled"), shown(read(log.kept(12, 14), log.kept(1, 8), 2, 2, 200)));
    }

    @Test
    void a_quote_of_a_recalled_message_is_removed() {
        Log log = new Log().messages(1, 3).reply(4, 1).reply(5, 2).recall(6, 1);

        List<ConversationEvent> recently =
                read(log.kept(1, 6), new Broken(), 4, 5, 200).events();
        List<ConversationEvent> longAgo =
                read(log.kept(6, 6), log.kept(1, 6), 4, 5, 200).events();

        for (List<ConversationEvent> events : List.of(recently, longAgo)) {
            assertEquals("", events.get(0).getMessageSent().getReplyTo().getQuote());
            assertEquals(1, events.get(0).getMessageSent().getReplyTo().getSeq());
            assertEquals("text 2", events.get(1).getMessageSent().getReplyTo().getQuote());
        }
    }

    @Test
    void a_quote_is_not_shown_while_the_state_of_its_message_is_unknown() {
        Log log = new Log().messages(1, 3).recall(4, 1).messages(5, 8).reply(9, 1);

        ConversationEvent reply =
                read(log.kept(8, 9), log.kept(1, 3), 9, 9, 200).events().getFirst();

        assertEquals("", reply.getMessageSent().getReplyTo().getQuote());
        assertEquals("reply to 1", reply.getMessageSent().getContent().getText().getBody());
    }

    @Test
    void an_expired_message_and_its_edits_and_quotes_have_no_content() {
        Log log = new Log()
                .expiring(1, NOW)
                .expiring(2, NOW + 1)
                .edit(3, 1, NOW)
                .reply(4, 1, NOW)
                .reply(5, 2, NOW + 1);

        List<ConversationEvent> all =
                read(log.kept(1, 5), new Broken(), 1, 5, 200).events();
        List<ConversationEvent> withoutTheMessage =
                read(log.kept(3, 5), log.kept(1, 5), 3, 5, 200).events();

        assertTrue(all.get(0).getMessageSent().getState().getExpired());
        assertFalse(all.get(0).getMessageSent().hasContent());
        assertEquals(
                "text 2", all.get(1).getMessageSent().getContent().getText().getBody());
        assertEquals(all.subList(2, 5), withoutTheMessage);
        assertFalse(all.get(2).getMessageEdited().hasContent());
        assertEquals("", all.get(3).getMessageSent().getReplyTo().getQuote());
        assertEquals("text 2", all.get(4).getMessageSent().getReplyTo().getQuote());
    }

    @Test
    void a_recent_layer_with_all_changes_is_sufficient() {
        Log log = new Log().messages(1, 4).edit(5, 2).recall(6, 3);

        HistoryRange range = read(log.kept(2, 6), new Broken(), 2, 4, 200);

        assertEquals(List.of("edited 5", "recalled", "text 4"), shown(range));
    }

    @Test
    void changes_that_the_recent_layer_may_lack_are_read_from_the_full_one() {
        Log log = new Log().messages(1, 4).recall(5, 2).messages(6, 8);

        // the recent layer lacks seq 5
        HistoryRange range = read(log.kept(2, 4).and(log.kept(6, 8)), log.kept(1, 8), 2, 4, 200);

        assertEquals(List.of("recalled", "text 3", "text 4"), shown(range));
        // while it does not answer, messages that may have changed are left out
        assertEquals(List.of(), seqs(read(log.kept(2, 4).and(log.kept(6, 8)), new Broken(), 2, 4, 200)));
    }

    @Test
    void an_old_message_is_shown_by_its_newest_change_of_either_layer() {
        Log log = new Log().messages(1, 4).edit(5, 1).edit(6, 1).recall(7, 2);

        HistoryRange fullBehind = read(log.kept(6, 7), log.kept(1, 5), 1, 4, 200);
        HistoryRange recentBehind = read(log.kept(5, 5), log.kept(1, 7), 1, 4, 200);

        List<String> newest = List.of("edited 6", "recalled", "text 3", "text 4");
        assertEquals(newest, shown(fullBehind));
        assertEquals(newest, shown(recentBehind));
    }

    @Test
    void a_former_member_whose_range_ends_before_an_edit_and_a_recall_sees_both_messages_as_they_stand() {
        Log log = new Log().messages(1, 4).edit(5, 2).recall(6, 3);
        long leftSeq = 4;

        for (HistoryRange range : List.of(
                read(log.kept(1, 6), new Broken(), 1, leftSeq, 200),
                read(new Broken(), log.kept(1, 6), 1, leftSeq, 200),
                read(log.kept(6, 6), log.kept(1, 5), 1, leftSeq, 200))) {
            assertEquals(List.of("text 1", "edited 5", "recalled", "text 4"), shown(range));
            assertEquals(List.of(1L, 2L, 3L, 4L), seqs(range));
            assertTrue(range.complete());
        }
    }

    @Test
    void an_edit_of_a_recalled_message_before_the_range_has_no_content() {
        Log log = new Log().messages(1, 4).edit(5, 1).messages(6, 8).recall(9, 1);

        assertEquals(List.of("edit of nothing", "text 6"), shown(read(log.kept(5, 9), new Broken(), 5, 6, 200)));
        assertEquals(List.of("edit of nothing", "text 6"), shown(read(log.kept(8, 9), log.kept(1, 9), 5, 6, 200)));
        assertEquals(List.of("edit of nothing", "text 6"), shown(read(new Broken(), log.kept(1, 9), 5, 6, 200)));
    }

    @Test
    void a_message_has_the_reactions_and_the_pin_that_both_layers_know() {
        Log log = new Log()
                .messages(1, 4)
                .reaction(5, 2, "alice", false)
                .reaction(6, 2, "bob", false)
                .pin(7, 3)
                .reaction(8, 2, "alice", true);

        for (HistoryRange range : List.of(
                read(log.kept(1, 8), new Broken(), 1, 4, 200),
                read(new Broken(), log.kept(1, 8), 1, 4, 200),
                read(log.kept(6, 8), log.kept(1, 6), 1, 4, 200),
                read(log.kept(8, 8), log.kept(1, 7), 1, 4, 200))) {
            List<MessageState> states = range.events().stream()
                    .map(event -> event.getMessageSent().getState())
                    .toList();
            assertEquals(MessageState.getDefaultInstance(), states.get(0));
            assertEquals(List.of("bob"), states.get(1).getReactions(0).getUserIdsList());
            assertEquals(1, states.get(1).getReactions(0).getCount());
            assertTrue(states.get(2).getPinned());
            assertEquals(MessageState.getDefaultInstance(), states.get(3));
        }
    }

    @Test
    void a_recalled_message_has_no_reactions() {
        Log log = new Log().messages(1, 2).reaction(3, 1, "alice", false).recall(4, 1);

        assertEquals(
                MessageState.newBuilder().setRecalledSeq(4).build(),
                read(log.kept(1, 4), new Broken(), 1, 2, 200)
                        .events()
                        .getFirst()
                        .getMessageSent()
                        .getState());
    }

    // --- retention

    @Test
    void events_that_the_retention_has_deleted_are_not_missing() {
        HistoryLayer full = new Retained(new Kept(501, 1_000), 501);

        HistoryRange newest = read(new Kept(1_001, 1_000), full, 1, Long.MAX_VALUE, 600);
        assertEquals(1, newest.fromSeq());
        assertEquals(500, newest.events().size());
        assertTrue(newest.complete());

        HistoryRange page = read(new Kept(1_001, 1_000), full, 1, 600, 200);
        assertEquals(1, page.fromSeq());
        assertEquals(100, page.events().size());
        assertTrue(page.complete());

        assertTrue(read(new Kept(1_001, 1_000), full, 1, 300, 200).complete());
        assertFalse(read(new Kept(1_001, 1_000), new Retained(new Kept(502, 1_000), 501), 1, 600, 200)
                .complete());
    }

    @Test
    void a_read_from_the_beginning_skips_what_the_retention_has_deleted() {
        HistoryRange page =
                oldest(new Kept(1_001, 1_000), new Retained(new Kept(501, 1_000), 501), 1, Long.MAX_VALUE, 200);

        assertEquals(1, page.fromSeq());
        assertEquals(700, page.toSeq());
        assertEquals(501, page.events().getFirst().getSeq());
        assertFalse(page.complete());
        assertTrue(oldest(new Kept(1_001, 1_000), new Retained(new Kept(501, 1_000), 501), 1, 400, 200)
                .complete());
    }

    // --- oldest first

    @Test
    void reads_after_the_end_of_the_previous_answer_return_everything_once() {
        List<Long> read = new ArrayList<>();
        long after = 0;
        HistoryRange range;
        do {
            range = oldest(new Kept(802, 1_001), new Kept(1, 1_001), after + 1, Long.MAX_VALUE, 200);
            read.addAll(seqs(range));
            after = range.toSeq();
        } while (!range.complete());

        assertEquals(LongStream.rangeClosed(1, 1_001).boxed().toList(), read);
    }

    @Test
    void the_oldest_events_of_a_range_come_from_both_layers() {
        HistoryRange all = oldest(new Kept(6, 10), new Kept(1, 10), 4, Long.MAX_VALUE, 200);
        HistoryRange page = oldest(new Kept(6, 10), new Kept(1, 10), 4, 9, 3);

        assertEquals(List.of(4L, 5L, 6L, 7L, 8L, 9L, 10L), seqs(all));
        assertTrue(all.complete());
        assertEquals(List.of(4L, 5L, 6L), seqs(page));
        assertEquals(4, page.fromSeq());
        assertEquals(6, page.toSeq());
        assertFalse(page.complete());
    }

    @Test
    void the_oldest_events_above_the_byte_limit_are_cut_at_the_end() {
        Log log = new Log().messages(1, 9);
        long one = log.events.firstEntry().getValue().getSerializedSize();

        for (HistoryRange range : List.of(
                oldest(log.kept(1, 9), new Broken(), 2, 9, 200, 3 * one + 1),
                oldest(log.kept(4, 9), log.kept(1, 9), 2, 9, 200, 3 * one + 1))) {
            assertEquals(List.of(2L, 3L, 4L), seqs(range));
            assertEquals(4, range.toSeq());
            assertFalse(range.complete());
        }
        assertEquals(List.of(2L), seqs(oldest(log.kept(1, 9), new Broken(), 2, 9, 200, 1)));
    }

    @Test
    void a_missing_event_ends_the_oldest_ones_before_it() {
        HistoryRange range = oldest(new Kept(6, 10), new Kept(1, 3), 2, 10, 200);
        HistoryRange begin = oldest(new Kept(6, 10), new Kept(1, 3), 4, 10, 200);

        assertEquals(3, range.toSeq());
        assertFalse(range.complete());
        assertEquals(3, begin.toSeq());
        assertEquals(4, begin.fromSeq());
        assertFalse(begin.complete());
        assertThrows(ReadModelUnavailableException.class, () -> oldest(new Kept(6, 10), new Broken(), 4, 10, 200));
    }

    @Test
    void the_oldest_events_are_not_complete_while_a_layer_that_may_have_newer_ones_fails() {
        assertFalse(
                oldest(new Kept(1, 10), new Broken(), 9, Long.MAX_VALUE, 200).complete());
        assertTrue(oldest(new Kept(1, 10), new Broken(), 9, 10, 200).complete());
        HistoryRange lagging = oldest(new Kept(1, 10), new Kept(1, 14), 9, Long.MAX_VALUE, 200);
        assertEquals(14, lagging.toSeq());
        assertTrue(lagging.complete());
    }

    // --- around a message

    @Test
    void a_read_around_a_seq_has_it_between_half_the_events_before_and_after_it() {
        HistoryRange middle = around(new Kept(8, 20), new Kept(1, 20), 10, 5);
        HistoryRange begin = around(new Kept(8, 20), new Kept(1, 20), 1, 5);
        HistoryRange end = around(new Kept(8, 20), new Kept(1, 20), 20, 5);
        HistoryRange all = around(new Kept(8, 20), new Kept(1, 20), 10, 40);

        assertEquals(List.of(8L, 9L, 10L, 11L, 12L), seqs(middle));
        assertEquals(8, middle.fromSeq());
        assertEquals(12, middle.toSeq());
        assertFalse(middle.complete());
        assertEquals(List.of(1L, 2L, 3L), seqs(begin));
        assertEquals(List.of(18L, 19L, 20L), seqs(end));
        assertEquals(20, all.events().size());
        assertTrue(all.complete());
    }

    @Test
    void a_read_around_a_seq_that_history_does_not_hold_yet_is_not_complete() {
        HistoryRange range = around(new Kept(1, 9), new Kept(1, 9), 10, 5);

        assertEquals(List.of(), seqs(range));
        assertFalse(range.complete());
        assertTrue(range.fromSeq() > range.toSeq());
    }

    // --- time: the event with seq n is sent at n seconds

    @Test
    void a_span_of_time_is_a_range_of_seqs() {
        HistoryLayer recent = new Kept(6, 10);
        HistoryLayer full = new Kept(1, 10);

        assertEquals(new SeqSpan(7, 8), between(recent, new Broken(), 7_000, 9_000));
        assertEquals(new SeqSpan(3, 8), between(recent, full, 2_001, 8_001));
        assertEquals(new SeqSpan(1, Long.MAX_VALUE), between(recent, full, 500, 20_000));
        assertEquals(SeqSpan.ALL, between(new Broken(), new Broken(), 0, Long.MAX_VALUE));
        assertTrue(between(recent, full, 4_100, 4_900).isEmpty());
    }

    @Test
    void a_recent_layer_that_lags_does_not_move_the_end_of_a_span_of_time() {
        assertEquals(new SeqSpan(9, 12), between(new Kept(1, 10), new Kept(1, 14), 9_000, 12_500));
    }

    @Test
    void a_span_of_time_that_ends_in_a_gap_has_the_missing_seqs_and_is_never_complete() {
        HistoryLayer recent = new Kept(8, 10);
        HistoryLayer lagging = new Kept(1, 4);

        assertEquals(new SeqSpan(5, 7), between(recent, lagging, 6_000, 7_500));
        assertFalse(read(recent, lagging, 5, 7, 200).complete());
        assertEquals(new SeqSpan(1, 7), between(recent, new Broken(), 2_000, 8_000));
        assertFalse(read(recent, new Broken(), 1, 9, 200).complete());
        assertThrows(ReadModelUnavailableException.class, () -> between(new Broken(), new Broken(), 2_000, 8_000));
    }

    private static HistoryRange oldest(HistoryLayer recent, HistoryLayer full, long from, long to, int limit) {
        return oldest(recent, full, from, to, limit, ALL);
    }

    private static HistoryRange oldest(
            HistoryLayer recent, HistoryLayer full, long from, long to, int limit, long maxBytes) {
        return history(recent, full, maxBytes).read(HistoryQuery.oldest(CONVERSATION, new SeqSpan(from, to), limit));
    }

    private static HistoryRange around(HistoryLayer recent, HistoryLayer full, long seq, int limit) {
        return history(recent, full, ALL).around(CONVERSATION, seq, SeqSpan.ALL, limit);
    }

    private static SeqSpan between(HistoryLayer recent, HistoryLayer full, long fromMillis, long untilMillis) {
        return history(recent, full, ALL).between(CONVERSATION, fromMillis, untilMillis);
    }

    private static LayeredHistory history(HistoryLayer recent, HistoryLayer full, long maxBytes) {
        return new LayeredHistory(recent, full, maxBytes, () -> NOW, () -> 0);
    }

    private static List<String> shown(HistoryRange range) {
        return range.events().stream().map(LayeredHistoryTest::shown).toList();
    }

    private static String shown(ConversationEvent event) {
        if (event.hasMessageEdited()) {
            return event.getMessageEdited().hasContent() ? "edit" : "edit of nothing";
        }
        MessageSent sent = event.getMessageSent();
        return sent.getState().getRecalledSeq() > 0
                ? "recalled" + sent.getContent().getText().getBody()
                : sent.getContent().getText().getBody();
    }

    private static HistoryRange read(HistoryLayer recent, HistoryLayer full, long from, long to, int limit) {
        return read(recent, full, from, to, limit, ALL);
    }

    private static HistoryRange read(
            HistoryLayer recent, HistoryLayer full, long from, long to, int limit, long maxBytes) {
        return history(recent, full, maxBytes).read(CONVERSATION, from, to, limit);
    }

    private static List<Long> seqs(HistoryRange range) {
        return range.events().stream().map(ConversationEvent::getSeq).toList();
    }

    /** The events of the conversation. */
    private static final class Log {

        private final TreeMap<Long, ConversationEvent> events = new TreeMap<>();

        Log messages(long from, long to) {
            LongStream.rangeClosed(from, to)
                    .forEach(seq -> add(ConversationEvent.newBuilder()
                            .setSeq(seq)
                            .setMessageSent(MessageSent.newBuilder().setContent(text("text " + seq)))));
            return this;
        }

        Log expiring(long seq, long atMillis) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageSent(MessageSent.newBuilder()
                            .setContent(text("text " + seq))
                            .setExpiresAt(Timestamps.fromMillis(atMillis))));
        }

        Log reply(long seq, long messageSeq) {
            return reply(seq, messageSeq, 0);
        }

        /** @param expiresMillis 0: never */
        Log reply(long seq, long messageSeq, long expiresMillis) {
            ReplyTo quoting = ReplyTo.newBuilder()
                    .setSeq(messageSeq)
                    .setQuote("text " + messageSeq)
                    .setExpiresAt(Timestamps.fromMillis(expiresMillis))
                    .build();
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageSent(MessageSent.newBuilder()
                            .setContent(text("reply to " + messageSeq))
                            .setReplyTo(quoting)));
        }

        Log edit(long seq, long messageSeq) {
            return edit(seq, messageSeq, 0);
        }

        /** @param expiresMillis 0: never */
        Log edit(long seq, long messageSeq, long expiresMillis) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageEdited(MessageEdited.newBuilder()
                            .setSeq(messageSeq)
                            .setContent(text("edited " + seq))
                            .setExpiresAt(Timestamps.fromMillis(expiresMillis))));
        }

        Log recall(long seq, long messageSeq) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageRecalled(MessageRecalled.newBuilder().setSeq(messageSeq)));
        }

        Log reaction(long seq, long messageSeq, String userId, boolean removed) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setReactionChanged(ReactionChanged.newBuilder()
                            .setSeq(messageSeq)
                            .setUserId(userId)
                            .setReaction("+1")
                            .setRemoved(removed)));
        }

        Log pin(long seq, long messageSeq) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setPinChanged(PinChanged.newBuilder().setSeq(messageSeq)));
        }

        Part kept(long from, long to) {
            return new Part(new TreeMap<>(events.subMap(from, true, to, true)));
        }

        private Log add(ConversationEvent.Builder event) {
            events.put(event.getSeq(), event.build());
            return this;
        }

        private static Content text(String body) {
            return Content.newBuilder()
                    .setText(TextContent.newBuilder().setBody(body))
                    .build();
        }
    }

    /** A layer with some events and the changes among them. */
    private record Part(TreeMap<Long, ConversationEvent> kept) implements HistoryLayer {

        Part and(Part other) {
            TreeMap<Long, ConversationEvent> both = new TreeMap<>(kept);
            both.putAll(other.kept);
            return new Part(both);
        }

        @Override
        public long headSeq(String conversationId) {
            return kept.lastKey();
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            return first(
                    List.copyOf(
                            kept.subMap(range.from(), true, range.to(), true).values()),
                    order,
                    maxBytes);
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            return LayeredHistoryTest.position(kept.values(), millis);
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            List<ConversationEvent> changes = kept.values().stream()
                    .filter(event -> messageSeqs.contains(MessageStates.changedSeq(event))
                            || messageSeqs.contains(KnownChanges.markedSeq(event)))
                    .toList();
            long newest = kept.lastKey();
            long from = newest;
            while (kept.containsKey(from - 1)) {
                from--;
            }
            return new KnownChanges(changes, from, newest);
        }
    }

    /** A layer with a retention. */
    private record Retained(HistoryLayer layer, long firstRetained) implements HistoryLayer {

        @Override
        public long headSeq(String conversationId) {
            return layer.headSeq(conversationId);
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            return layer.events(conversationId, range, order, maxBytes);
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            return layer.changes(conversationId, messageSeqs);
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            return layer.position(conversationId, millis);
        }

        @Override
        public long firstRetainedSeq(String conversationId) {
            return firstRetained;
        }
    }

    /** A layer with events from one seq to another that are not messages. */
    private record Kept(long firstSeq, long lastSeq) implements HistoryLayer {
        @Override
        public long headSeq(String conversationId) {
            return lastSeq;
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            return first(stored(range), order, maxBytes);
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            return LayeredHistoryTest.position(stored(SeqSpan.ALL), millis);
        }

        /** The event with seq n is sent at n seconds. */
        private List<ConversationEvent> stored(SeqSpan range) {
            return LongStream.rangeClosed(Math.max(firstSeq, range.from()), Math.min(lastSeq, range.to()))
                    .mapToObj(seq -> ConversationEvent.newBuilder()
                            .setSeq(seq)
                            .setSentAt(Timestamps.fromSeconds(seq))
                            .build())
                    .toList();
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            return new KnownChanges(List.of(), firstSeq, lastSeq);
        }
    }

    private static List<ConversationEvent> first(List<ConversationEvent> events, ReadOrder order, long maxBytes) {
        List<ConversationEvent> ordered = order == ReadOrder.NEWEST_FIRST ? events.reversed() : events;
        long bytes = 0;
        int count = 0;
        while (count < ordered.size() && bytes < maxBytes) {
            bytes += ordered.get(count).getSerializedSize();
            count++;
        }
        List<ConversationEvent> read = ordered.subList(0, count);
        return order == ReadOrder.NEWEST_FIRST ? read.reversed() : read;
    }

    private static TimePosition position(Collection<ConversationEvent> events, long millis) {
        return events.stream()
                .map(event -> Timestamps.toMillis(event.getSentAt()) < millis
                        ? new TimePosition(event.getSeq(), Long.MAX_VALUE)
                        : new TimePosition(0, event.getSeq()))
                .reduce(TimePosition.UNKNOWN, TimePosition::and);
    }

    /** A layer that cannot be reached. */
    private record Broken() implements HistoryLayer {
        @Override
        public long headSeq(String conversationId) {
            throw new ReadModelUnavailableException("cannot be reached");
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            throw new ReadModelUnavailableException("cannot be reached");
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            throw new ReadModelUnavailableException("cannot be reached");
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            throw new ReadModelUnavailableException("cannot be reached");
        }
    }
}
