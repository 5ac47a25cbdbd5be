package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.session.ConnectAdmission.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConnectAdmissionTest {

    /** At ten a second thirty may be queued. */
    private static final ReconnectRate RATE = new ReconnectRate(10);

    private static final long NOW = 1_000_000_000_000L;

    private final List<String> started = new ArrayList<>();
    private final MetricRegistry metrics = new MetricRegistry();
    private final ConnectAdmission admission = new ConnectAdmission(2, RATE, Runnable::run, metrics);

    @Test
    void sessions_start_at_once_up_to_the_limit() {
        admitted("a");
        admitted("b");
        admitted("c");

        assertEquals(List.of("a", "b"), started);
        assertEquals(2, gauge("tidings.gateway.connects.opening"));
        assertEquals(1, gauge("tidings.gateway.connects.queued"));
    }

    @Test
    void a_session_that_leaves_starts_the_first_one_in_the_queue() {
        Runnable a = admitted("a");
        Runnable b = admitted("b");
        admitted("c");
        admitted("d");

        admission.leave(b);
        admission.leave(a);

        assertEquals(List.of("a", "b", "c", "d"), started);
        assertEquals(2, admission.opening());
    }

    @Test
    void a_session_that_leaves_the_queue_starts_no_other() {
        Runnable a = admitted("a");
        admitted("b");
        Runnable c = admitted("c");
        admitted("d");

        admission.leave(c);
        admission.leave(a);

        assertEquals(List.of("a", "b", "d"), started);
    }

    @Test
    void no_session_is_opening_after_all_have_left() {
        List<Runnable> all = List.of(admitted("a"), admitted("b"), admitted("c"));

        all.forEach(admission::leave);

        assertEquals(0, admission.opening());
        admitted("d");
        assertEquals(List.of("a", "b", "c", "d"), started);
    }

    @Test
    void clients_that_find_the_queue_full_get_different_times_after_it_is_worked_off() {
        fill();

        Decision.Rejected first = rejected(NOW);
        Decision.Rejected second = rejected(NOW);

        assertEquals(3_000, first.retryAfterMillis());
        assertEquals(3_100, second.retryAfterMillis());
        assertTrue(first.jitterMillis() > 0);
        assertEquals(2, metrics.meter("tidings.gateway.connects.rejected").getCount());
    }

    @Test
    void a_queue_that_does_not_move_makes_rejected_clients_wait_longer() {
        fill();

        assertEquals(8_000, rejected(NOW + 8_000_000_000L).retryAfterMillis());
    }

    @Test
    void clients_rejected_long_ago_do_not_delay_others() {
        fill();
        rejected(NOW);
        Decision.Rejected second = rejected(NOW);

        assertEquals(3_100, second.retryAfterMillis());
        assertEquals(3_000, rejected(NOW + 2_000_000_000L).retryAfterMillis());
    }

    @Test
    void a_rejected_client_waits_for_at_most_a_minute() {
        fill();
        for (int i = 0; i < 1_000; i++) {
            rejected(NOW);
        }

        assertEquals(60_000, rejected(NOW).retryAfterMillis());
    }

    @Test
    void a_rejected_client_does_not_make_room_when_it_leaves() {
        fill();
        Runnable late = () -> started.add("late");
        assertInstanceOf(Decision.Rejected.class, admission.enter(late, NOW));

        admission.leave(late);

        assertEquals(2, started.size());
        assertEquals(30, admission.queued());
    }

    private void fill() {
        for (int i = 0; i < 2 + 30; i++) {
            admitted("one of many");
        }
    }

    private Runnable admitted(String name) {
        Runnable opening = () -> started.add(name);
        assertEquals(new Decision.Admitted(), admission.enter(opening, NOW));
        return opening;
    }

    private Decision.Rejected rejected(long nowNanos) {
        return assertInstanceOf(Decision.Rejected.class, admission.enter(() -> started.add("rejected"), nowNanos));
    }

    private Object gauge(String name) {
        return Objects.requireNonNull(metrics.getGauges().get(name)).getValue();
    }
}
