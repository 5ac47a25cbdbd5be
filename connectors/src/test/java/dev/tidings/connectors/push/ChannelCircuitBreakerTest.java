package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChannelCircuitBreakerTest {

    private static final long NOW = 1_774_000_000_000L;

    private final ChannelCircuitBreaker circuit = new ChannelCircuitBreaker();

    @Test
    void ten_failures_in_a_row_at_three_devices_open_it() {
        fail(9, 3);
        assertTrue(circuit.allows(NOW, 5));
        fail(1, 3);
        assertFalse(circuit.allows(NOW, 0));
    }

    @Test
    void a_device_that_fails_alone_does_not_open_it() {
        fail(1_000, 2);
        assertTrue(circuit.allows(NOW, 5));
    }

    @Test
    void a_success_in_between_begins_the_count_anew() {
        fail(9, 3);
        circuit.succeeded();
        fail(9, 3);
        assertTrue(circuit.allows(NOW, 5));
    }

    @Test
    void after_the_pause_one_attempt_decides() {
        fail(10, 3);
        long half = NOW + 1_000;
        assertFalse(circuit.allows(half - 1, 0));
        assertTrue(circuit.allows(half, 0));
        assertFalse(circuit.allows(half, 1));

        circuit.failed(device(0), half);
        assertFalse(circuit.allows(half + 1_999, 0));
        assertTrue(circuit.allows(half + 2_000, 0));

        circuit.succeeded();
        assertTrue(circuit.allows(half + 2_000, 31));
    }

    @Test
    void its_pauses_have_a_limit() {
        fail(10, 3);
        for (int i = 0; i < 20; i++) {
            circuit.failed(device(0), circuit.openUntilMillis());
        }
        long end = circuit.openUntilMillis();
        circuit.failed(device(0), end);
        assertEquals(30_000, circuit.openUntilMillis() - end);
    }

    @Test
    void what_was_under_way_when_it_opened_does_not_lengthen_the_pause() {
        fail(20, 3);
        assertEquals(NOW + 1_000, circuit.openUntilMillis());
    }

    private void fail(int times, int devices) {
        for (int i = 0; i < times; i++) {
            circuit.failed(device(i % devices), NOW);
        }
    }

    private static Device device(int number) {
        return new Device("alice", "device-" + number);
    }
}
