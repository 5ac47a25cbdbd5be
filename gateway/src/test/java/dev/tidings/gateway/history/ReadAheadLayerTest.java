package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.TextContent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadLayerTest {

    private static final String ID = "g:x";
    private static final long HEAD = 1_000;
    private static final int LIMIT = 50;

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Store store = new Store();
    private final ReadAheadLayer layer = new ReadAheadLayer(store, tasks::add, nanos::get);

    @Test
    void the_third_page_and_the_next_ones_are_read_ahead() {
        read(951, 1_000);
        assertEquals(0, tasks.size(), "a single page is no sign of paging");
        read(901, 950);
        runTasks();
        assertEquals(List.of("951-1000", "901-950", "701-900"), store.reads);

        for (long from = 851; from > 700; from -= LIMIT) {
            assertEquals(LongStream.range(from, from + LIMIT).boxed().toList(), read(from, from + LIMIT - 1));
        }
        runTasks();
        assertEquals(List.of("951-1000", "901-950", "701-900", "501-700"), store.reads);
    }

    @Test
    void every_answer_is_that_of_the_store() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Store plain = new Store();
        long to = HEAD;
        int answersFromMemory = 0;
        for (int i = 0; i < 2_000; i++) {
            SeqSpan range = new SeqSpan(Math.max(1, to - random.nextInt(100)), to);
            ReadOrder order = random.nextInt(5) == 0 ? ReadOrder.OLDEST_FIRST : ReadOrder.NEWEST_FIRST;
            long bytes = random.nextInt(5) == 0 ? 100 : Limits.PAGE;
            int reads = store.reads.size();
            assertEquals(plain.events(ID, range, order, bytes), layer.events(ID, range, order, bytes), "seed " + seed);
            answersFromMemory += store.reads.size() == reads ? 1 : 0;
            nanos.addAndGet(random.nextInt(1_000_000_000));
            if (random.nextBoolean()) {
                runTasks();
            }
            to = range.from() <= 1 || random.nextInt(10) == 0 ? 1 + random.nextLong(HEAD) : range.from() - 1;
        }
        assertTrue(answersFromMemory > 0, "seed " + seed);
    }

    @Test
    void an_old_part_and_a_part_with_a_gap_are_not_used() {
        store.missing = 870;
        read(951, 1_000);
        read(901, 950);
        runTasks();
        assertEquals(LongStream.rangeClosed(881, 900).boxed().toList(), read(881, 900));
        assertEquals(3, store.reads.size());
        store.missing = 0;
        assertEquals(LongStream.rangeClosed(861, 880).boxed().toList(), read(861, 880));
        assertEquals(4, store.reads.size());

        read(811, 860);
        runTasks();
        int reads = store.reads.size();
        nanos.addAndGet(ReadAheadLayer.MAX_AGE.toNanos());
        read(761, 810);
        assertEquals(reads + 1, store.reads.size());
    }

    @Test
    void a_store_that_does_not_answer_is_asked_again_by_the_page() {
        read(951, 1_000);
        read(901, 950);
        store.fails = true;
        runTasks();
        store.fails = false;

        assertEquals(50, read(851, 900).size());
        runTasks();
        assertEquals(50, read(801, 850).size());
        assertEquals(List.of("951-1000", "901-950", "701-900", "851-900", "651-850"), store.reads);
    }

    @Test
    void parts_of_64_conversations_are_kept() {
        for (int i = 0; i <= ReadAheadLayer.MAX_CONVERSATIONS; i++) {
            events("g:" + i, 951, 1_000);
            events("g:" + i, 901, 950);
            runTasks();
        }
        int reads = store.reads.size();

        events("g:" + ReadAheadLayer.MAX_CONVERSATIONS, 851, 900);
        events("g:1", 851, 900);
        assertEquals(reads, store.reads.size());
        events("g:0", 851, 900);
        assertEquals(reads + 1, store.reads.size());
    }

    private List<Long> read(long from, long to) {
        return events(ID, from, to);
    }

    private List<Long> events(String conversationId, long from, long to) {
        return layer.events(conversationId, new SeqSpan(from, to), ReadOrder.NEWEST_FIRST, Limits.PAGE).stream()
                .map(ConversationEvent::getSeq)
                .toList();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Has the events 1 to 1,000 of every conversation, and records which ones are read. */
    private static final class Store implements HistoryLayer {

        private final List<String> reads = new ArrayList<>();
        private long missing;
        private boolean fails;

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            reads.add(range.from() + "-" + range.to());
            if (fails) {
                throw new ReadModelUnavailableException("the store does not answer");
            }
            List<ConversationEvent> events = new ArrayList<>();
            long bytes = 0;
            boolean newestFirst = order == ReadOrder.NEWEST_FIRST;
            for (long i = 0; i <= range.to() - range.from() && bytes < maxBytes; i++) {
                long seq = newestFirst ? range.to() - i : range.from() + i;
                if (seq == missing || seq > HEAD) {
                    continue;
                }
                ConversationEvent event = event(seq);
                bytes += event.getSerializedSize();
                if (newestFirst) {
                    events.addFirst(event);
                } else {
                    events.addLast(event);
                }
            }
            return events;
        }

        private static ConversationEvent event(long seq) {
            return ConversationEvent.newBuilder()
                    .setSeq(seq)
                    .setMessageSent(MessageSent.newBuilder()
                            .setContent(Content.newBuilder()
                                    .setText(TextContent.newBuilder().setBody("text " + seq))))
                    .build();
        }

        @Override
        public long headSeq(String conversationId) {
            return HEAD;
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            return KnownChanges.NOTHING;
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            return TimePosition.UNKNOWN;
        }
    }
}
