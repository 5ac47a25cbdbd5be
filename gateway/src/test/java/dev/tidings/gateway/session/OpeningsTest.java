package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.session.Openings.Reception;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OpeningsTest {

    /** Ten a second: so thirty may wait. */
    private static final ReconnectPace PACE = new ReconnectPace(10);

    private static final long NOW = 1_000_000_000_000L;

    private final List<String> begun = new ArrayList<>();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Openings openings = new Openings(2, PACE, Runnable::run, metrics);

    @Test
    void so_many_as_may_be_opening_at_once_begin_when_they_come() {
        welcome("a");
        welcome("b");
        welcome("c");

        assertEquals(List.of("a", "b"), begun);
        assertEquals(2, gauge("tidings.gateway.openings"));
        assertEquals(1, gauge("tidings.gateway.openings.waiting"));
    }

    @Test
    void whoever_is_through_makes_room_for_who_came_first_of_those_who_wait() {
        Runnable a = welcome("a");
        Runnable b = welcome("b");
        welcome("c");
        welcome("d");

        openings.leave(b);
        openings.leave(a);

        assertEquals(List.of("a", "b", "c", "d"), begun);
        assertEquals(2, openings.underWay());
    }

    @Test
    void who_gives_up_waiting_takes_nobodys_turn() {
        Runnable a = welcome("a");
        welcome("b");
        Runnable c = welcome("c");
        welcome("d");

        openings.leave(c);
        openings.leave(a);

        assertEquals(List.of("a", "b", "d"), begun);
    }

    @Test
    void when_all_are_through_nobody_is_under_way() {
        List<Runnable> all = List.of(welcome("a"), welcome("b"), welcome("c"));

        all.forEach(openings::leave);

        assertEquals(0, openings.underWay());
        welcome("d");
        assertEquals(List.of("a", "b", "c", "d"), begun);
    }

    @Test
    void who_finds_the_line_too_long_is_told_to_come_when_it_will_be_worked_off_each_at_a_time_of_his_own() {
        crowd();

        Reception.TurnedAway first = turnedAway(NOW);
        Reception.TurnedAway second = turnedAway(NOW);

        assertEquals(3_000, first.afterMillis());
        assertEquals(3_100, second.afterMillis());
        assertTrue(first.jitterMillis() > 0);
        assertEquals(2, metrics.meter("tidings.gateway.openings.turned-away").getCount());
    }

    @Test
    void where_the_line_does_not_move_the_next_is_told_to_stay_away_for_longer() {
        crowd();

        assertEquals(8_000, turnedAway(NOW + 8_000_000_000L).afterMillis());
    }

    @Test
    void whoever_was_turned_away_long_ago_keeps_nobody_waiting() {
        crowd();
        turnedAway(NOW);
        Reception.TurnedAway second = turnedAway(NOW);

        assertEquals(3_100, second.afterMillis());
        assertEquals(3_000, turnedAway(NOW + 2_000_000_000L).afterMillis());
    }

    @Test
    void nobody_is_told_to_wait_for_more_than_a_minute() {
        crowd();
        for (int i = 0; i < 1_000; i++) {
            turnedAway(NOW);
        }

        assertEquals(60_000, turnedAway(NOW).afterMillis());
    }

    private void crowd() {
        for (int i = 0; i < 2 + 30; i++) {
            welcome("one of many");
        }
    }

    private Runnable welcome(String name) {
        Runnable opening = () -> begun.add(name);
        assertEquals(new Reception.Welcome(), openings.enter(opening, NOW));
        return opening;
    }

    private Reception.TurnedAway turnedAway(long nowNanos) {
        return assertInstanceOf(Reception.TurnedAway.class, openings.enter(() -> begun.add("uninvited"), nowNanos));
    }

    private Object gauge(String name) {
        return Objects.requireNonNull(metrics.getGauges().get(name)).getValue();
    }
}
