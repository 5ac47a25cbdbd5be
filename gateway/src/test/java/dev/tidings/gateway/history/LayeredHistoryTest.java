package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.TextContent;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LayeredHistoryTest {

    private static final String CONVERSATION = "p:alice:bob";

    @Test
    void what_the_recent_layer_holds_is_read_from_there_alone() {
        HistoryRange range = read(new Kept(1, 10), new Broken(), 3, 5, 200);

        assertEquals(List.of(3L, 4L, 5L), seqs(range));
        assertTrue(range.complete());
        assertEquals(10, range.headSeq());
    }

    @Test
    void what_the_recent_layer_has_trimmed_comes_from_the_full_one() {
        HistoryRange range = read(new Kept(6, 10), new Kept(1, 10), 4, 8, 200);

        assertEquals(List.of(4L, 5L, 6L, 7L, 8L), seqs(range));
        assertTrue(range.complete());
    }

    @Test
    void a_recent_layer_that_is_empty_or_fails_is_no_obstacle() {
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
    void of_more_than_the_limit_the_newest_are_given() {
        assertEquals(List.of(9L, 10L), seqs(read(new Kept(1, 10), new Kept(1, 10), 1, 10, 2)));
    }

    @Test
    void what_both_layers_lack_makes_it_incomplete() {
        HistoryRange range = read(new Kept(6, 10), new Kept(1, 3), 1, 10, 200);

        assertEquals(List.of(1L, 2L, 3L, 6L, 7L, 8L, 9L, 10L), seqs(range));
        assertFalse(range.complete());
    }

    @Test
    void a_full_layer_that_fails_fails_the_request() {
        assertThrows(IllegalStateException.class, () -> read(new Kept(6, 10), new Broken(), 1, 10, 200));
    }

    @Test
    void a_recent_layer_that_knows_all_changes_is_enough() {
        Log log = new Log().messages(1, 4).edit(5, 2).recall(6, 3);

        HistoryRange range = read(log.kept(2, 6), new Broken(), 2, 4, 200);

        assertEquals(List.of("edited 5", "recalled", "text 4"), shown(range));
    }

    @Test
    void a_change_that_the_recent_layer_may_have_missed_is_asked_from_the_full_one() {
        Log log = new Log().messages(1, 4).recall(5, 2).messages(6, 8);

        // 5 is missing among the recent ones
        HistoryRange range = read(log.kept(2, 4).and(log.kept(6, 8)), log.kept(1, 8), 2, 4, 200);

        assertEquals(List.of("recalled", "text 3", "text 4"), shown(range));
        assertThrows(
                IllegalStateException.class, () -> read(log.kept(2, 4).and(log.kept(6, 8)), new Broken(), 2, 4, 200));
    }

    @Test
    void an_old_message_stands_as_the_layer_says_that_knows_its_newest_change() {
        Log log = new Log().messages(1, 4).edit(5, 1).edit(6, 1).recall(7, 2);

        HistoryRange fullBehind = read(log.kept(6, 7), log.kept(1, 5), 1, 4, 200);
        HistoryRange recentBehind = read(log.kept(5, 5), log.kept(1, 7), 1, 4, 200);

        List<String> newest = List.of("edited 6", "recalled", "text 3", "text 4");
        assertEquals(newest, shown(fullBehind));
        assertEquals(newest, shown(recentBehind));
    }

    @Test
    void an_edit_in_the_range_of_a_message_before_it_shows_nothing_once_that_is_recalled() {
        Log log = new Log().messages(1, 4).edit(5, 1).messages(6, 8).recall(9, 1);

        assertEquals(List.of("edit of nothing", "text 6"), shown(read(log.kept(5, 9), new Broken(), 5, 6, 200)));
        assertEquals(List.of("edit of nothing", "text 6"), shown(read(log.kept(8, 9), log.kept(1, 9), 5, 6, 200)));
        assertEquals(List.of("edit of nothing", "text 6"), shown(read(new Broken(), log.kept(1, 9), 5, 6, 200)));
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
        return new LayeredHistory(recent, full).read(CONVERSATION, from, to, limit);
    }

    private static List<Long> seqs(HistoryRange range) {
        return range.events().stream().map(ConversationEvent::getSeq).toList();
    }

    /** What happened in the conversation. */
    private static final class Log {

        private final TreeMap<Long, ConversationEvent> events = new TreeMap<>();

        Log messages(long from, long to) {
            LongStream.rangeClosed(from, to)
                    .forEach(seq -> add(ConversationEvent.newBuilder()
                            .setSeq(seq)
                            .setMessageSent(MessageSent.newBuilder().setContent(text("text " + seq)))));
            return this;
        }

        Log edit(long seq, long messageSeq) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageEdited(
                            MessageEdited.newBuilder().setSeq(messageSeq).setContent(text("edited " + seq))));
        }

        Log recall(long seq, long messageSeq) {
            return add(ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageRecalled(MessageRecalled.newBuilder().setSeq(messageSeq)));
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

    /** Holds some events, and of changes those that are among them. */
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
        public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq) {
            return List.copyOf(kept.subMap(fromSeq, true, toSeq, true).values());
        }

        @Override
        public KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs) {
            List<ConversationEvent> changes = kept.values().stream()
                    .filter(event -> messageSeqs.contains(MessageStates.changedSeq(event)))
                    .toList();
            boolean noneMissing = kept.tailMap(sinceSeq).size() == kept.lastKey() - sinceSeq + 1;
            return new KnownChanges(changes, noneMissing);
        }
    }

    /** Holds the events from one seq to another. */
    private record Kept(long firstSeq, long lastSeq) implements HistoryLayer {
        @Override
        public long headSeq(String conversationId) {
            return lastSeq;
        }

        @Override
        public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq) {
            return LongStream.rangeClosed(Math.max(firstSeq, fromSeq), Math.min(lastSeq, toSeq))
                    .mapToObj(seq -> ConversationEvent.newBuilder().setSeq(seq).build())
                    .toList();
        }

        @Override
        public KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs) {
            return new KnownChanges(List.of(), true);
        }
    }

    /** Cannot be reached. */
    private record Broken() implements HistoryLayer {
        @Override
        public long headSeq(String conversationId) {
            throw new IllegalStateException("cannot be reached");
        }

        @Override
        public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq) {
            throw new IllegalStateException("cannot be reached");
        }

        @Override
        public KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs) {
            throw new IllegalStateException("cannot be reached");
        }
    }
}
