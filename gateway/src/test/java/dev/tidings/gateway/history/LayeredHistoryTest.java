package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.ConversationEvent;
import java.util.List;
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

    private static HistoryRange read(HistoryLayer recent, HistoryLayer full, long from, long to, int limit) {
        return new LayeredHistory(recent, full).read(CONVERSATION, from, to, limit);
    }

    private static List<Long> seqs(HistoryRange range) {
        return range.events().stream().map(ConversationEvent::getSeq).toList();
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
    }
}
