package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadsTest {

    private final List<String> started = new ArrayList<>();
    private boolean maySend = true;
    private boolean mayStart = true;
    private final Reads reads = new Reads(() -> maySend, () -> mayStart);

    @Test
    void one_read_runs_at_a_time_in_the_order_in_which_they_came() {
        assertTrue(start("a"));
        assertTrue(start("b"));
        assertEquals(List.of("a"), started);

        reads.done();

        assertEquals(List.of("a", "b"), started);
    }

    @Test
    void the_rest_of_a_read_comes_before_the_others() {
        start("a");
        start("b");

        reads.goOn(() -> started.add("rest of a"));
        reads.done();

        assertEquals(List.of("a", "rest of a", "b"), started);
    }

    @Test
    void nothing_starts_while_the_socket_is_behind() {
        maySend = false;
        assertTrue(start("a"));
        assertEquals(List.of(), started);

        maySend = true;
        reads.proceed();

        assertEquals(List.of("a"), started);
    }

    @Test
    void sixteen_wait_and_one_more_is_refused() {
        for (int i = 0; i <= Reads.MAX_WAITING; i++) {
            assertTrue(start("read " + i));
        }

        assertFalse(start("one more"));

        reads.done();
        assertTrue(start("one after the first"));
    }

    @Test
    void what_is_owed_to_the_client_waits_however_many_do() {
        for (int i = 0; i <= Reads.MAX_WAITING; i++) {
            start("read " + i);
        }

        reads.startOwed(() -> started.add("owed"));
        for (int i = 0; i <= Reads.MAX_WAITING; i++) {
            reads.done();
        }

        assertEquals("owed", started.getLast());
    }

    @Test
    void nothing_is_taken_while_the_gateway_is_short_of_memory() {
        mayStart = false;

        assertFalse(start("a"));
    }

    @Test
    void reads_that_complete_at_once_do_not_nest() {
        maySend = false;
        List<StackTraceElement[]> stacks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            reads.startOwed(() -> {
                stacks.add(Thread.currentThread().getStackTrace());
                reads.done();
            });
        }
        maySend = true;

        reads.proceed();

        assertEquals(10, stacks.size());
        assertEquals(stacks.getFirst().length, stacks.getLast().length);
    }

    @Test
    void an_answer_that_is_lost_does_not_stop_all_later_reads() {
        start("lost");
        start("later");
        long now = System.nanoTime();

        reads.tick(now + Reads.PATIENCE.toNanos() / 2);
        assertEquals(List.of("lost"), started);
        reads.heard(now + Reads.PATIENCE.toNanos() / 2);
        reads.tick(now + Reads.PATIENCE.toNanos() + 1);
        assertEquals(List.of("lost"), started);
        reads.tick(now + 2 * Reads.PATIENCE.toNanos());

        assertEquals(List.of("lost", "later"), started);
    }

    @Test
    void after_the_end_of_the_session_nothing_is_read_any_more() {
        start("a");
        start("b");

        reads.end();
        reads.goOn(() -> started.add("rest of a"));

        assertEquals(List.of("a"), started);
    }

    private boolean start(String name) {
        return reads.start(() -> started.add(name));
    }
}
