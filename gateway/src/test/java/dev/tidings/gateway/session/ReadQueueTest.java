package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadQueueTest {

    private final List<String> started = new ArrayList<>();
    private boolean socketTakesMore = true;
    private boolean memoryIsFree = true;
    private final ReadQueue reads = new ReadQueue(() -> socketTakesMore, () -> memoryIsFree);

    @Test
    void reads_run_one_at_a_time_in_order() {
        assertTrue(offer("a"));
        assertTrue(offer("b"));
        assertEquals(List.of("a"), started);

        reads.finished();

        assertEquals(List.of("a", "b"), started);
    }

    @Test
    void the_rest_of_a_read_runs_before_the_others() {
        offer("a");
        offer("b");

        reads.continueWith(() -> started.add("rest of a"));
        reads.finished();

        assertEquals(List.of("a", "rest of a", "b"), started);
    }

    @Test
    void no_read_starts_while_the_socket_is_behind() {
        socketTakesMore = false;
        assertTrue(offer("a"));
        assertEquals(List.of(), started);

        socketTakesMore = true;
        reads.startNext();

        assertEquals(List.of("a"), started);
    }

    @Test
    void sixteen_reads_are_queued_and_one_more_is_refused() {
        for (int i = 0; i <= ReadQueue.MAX_QUEUED; i++) {
            assertTrue(offer("read " + i));
        }

        assertFalse(offer("one more"));

        reads.finished();
        assertTrue(offer("one after the first"));
    }

    @Test
    void an_added_read_is_queued_above_the_limit() {
        for (int i = 0; i <= ReadQueue.MAX_QUEUED; i++) {
            offer("read " + i);
        }

        reads.add(() -> started.add("added"));
        for (int i = 0; i <= ReadQueue.MAX_QUEUED; i++) {
            reads.finished();
        }

        assertEquals("added", started.getLast());
    }

    @Test
    void no_read_is_queued_while_the_gateway_is_short_of_memory() {
        memoryIsFree = false;

        assertFalse(offer("a"));
    }

    @Test
    void reads_that_finish_at_once_do_not_nest() {
        socketTakesMore = false;
        List<StackTraceElement[]> stacks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            reads.add(() -> {
                stacks.add(Thread.currentThread().getStackTrace());
                reads.finished();
            });
        }
        socketTakesMore = true;

        reads.startNext();

        assertEquals(10, stacks.size());
        assertEquals(stacks.getFirst().length, stacks.getLast().length);
    }

    @Test
    void a_lost_answer_does_not_stop_later_reads() {
        offer("lost");
        offer("later");
        long now = System.nanoTime();

        reads.tick(now + ReadQueue.TIMEOUT.toNanos() / 2);
        assertEquals(List.of("lost"), started);
        reads.progress(now + ReadQueue.TIMEOUT.toNanos() / 2);
        reads.tick(now + ReadQueue.TIMEOUT.toNanos() + 1);
        assertEquals(List.of("lost"), started);
        reads.tick(now + 2 * ReadQueue.TIMEOUT.toNanos());

        assertEquals(List.of("lost", "later"), started);
    }

    @Test
    void no_read_starts_after_the_end_of_the_session() {
        offer("a");
        offer("b");

        reads.end();
        reads.continueWith(() -> started.add("rest of a"));

        assertEquals(List.of("a"), started);
    }

    private boolean offer(String name) {
        return reads.offer(() -> started.add(name));
    }
}
