package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OverloadMonitorTest {

    private static final long SECOND = 1_000_000_000L;

    private final AtomicReference<Double> live = new AtomicReference<>(0.5);
    private final AtomicInteger connections = new AtomicInteger();
    private final BufferBudget budget = new BufferBudget(1_000);
    private final MetricRegistry metrics = new MetricRegistry();
    private final OverloadMonitor monitor =
            new OverloadMonitor(() -> Objects.requireNonNull(live.get()), 85, budget, connections::get, 100, metrics);

    @Test
    void a_full_heap_is_an_overload_until_a_collection_frees_it() {
        monitor.tick(1 * SECOND);
        assertNull(monitor.overload());

        live.set(0.86);
        monitor.tick(2 * SECOND);

        assertEquals("the heap is above gateway.max-heap-percent after a garbage collection", monitor.overload());
        assertEquals(List.of("the gateway accepts no new sessions: " + monitor.overload()), monitor.missing());
        assertEquals(
                1, metrics.gauge("tidings.gateway.overloaded", () -> () -> -1).getValue());
        live.set(0.84);
        monitor.tick(3 * SECOND);
        assertNull(monitor.overload());
    }

    /** Sessions end, and without new ones there may be no collection for a long time. */
    @Test
    void an_old_measurement_of_the_heap_is_not_used() {
        live.set(0.9);
        monitor.tick(1 * SECOND);
        monitor.tick(61 * SECOND);
        assertNotNull(monitor.overload());

        monitor.tick(62 * SECOND);

        assertNull(monitor.overload());
    }

    @Test
    void three_quarters_of_the_buffers_are_an_overload() {
        budget.add(751);
        assertNotNull(monitor.overload());
        budget.add(-1);
        assertNull(monitor.overload());
    }

    @Test
    void too_many_connections_are_an_overload() {
        connections.set(101);
        assertEquals("there are more than 100 connections (gateway.max-connections)", monitor.overload());
        connections.set(100);
        assertNull(monitor.overload());
    }

    @Test
    void the_old_generation_of_this_process_is_measured_after_a_collection() {
        byte[] kept = new byte[32 << 20];
        System.gc();

        double share = new OldGeneration().liveShare();

        long maxBytes = Runtime.getRuntime().maxMemory();
        assertTrue(share > (double) kept.length / maxBytes && share < 1, () -> "share " + share);
    }
}
