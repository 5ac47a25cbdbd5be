package dev.tidings.gateway.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the gateway has room for another session: memory in use after a garbage collection, bytes buffered for clients,
 * and number of connections. New sessions are rejected before the memory is used up, so that the open ones keep working.
 * Thread-safe.
 */
public final class OverloadMonitor {

    /** A measurement of the heap is not used for longer: without a collection since then, nothing is short. */
    static final Duration MAX_AGE = Duration.ofSeconds(60);

    /** The share of the heap that was in use after the last collection. */
    @FunctionalInterface
    public interface Heap {

        /** From 0 to 1. Changes with each collection that has measured it. */
        double liveShare();
    }

    private final Heap heap;
    private final double maxLiveShare;
    private final BufferBudget budget;
    private final IntSupplier connections;
    private final int maxConnections;
    private final Meter rejected;
    // written by tick() only
    private double measuredShare;
    private long measuredAtNanos;
    private volatile boolean heapIsScarce;

    /**
     * @param maxHeapPercent of the heap in use after a collection; above it no session opens. 100: no limit
     * @param budget the bytes buffered for clients
     * @param connections the number of connections, with those that are to be checked
     * @param maxConnections above this no session opens
     */
    public OverloadMonitor(
            Heap heap,
            int maxHeapPercent,
            BufferBudget budget,
            IntSupplier connections,
            int maxConnections,
            MetricRegistry metrics) {
        this.heap = heap;
        this.maxLiveShare = maxHeapPercent / 100.0;
        this.budget = budget;
        this.connections = connections;
        this.maxConnections = maxConnections;
        this.rejected = metrics.meter("tidings.gateway.connects.rejected-overload");
        metrics.register("tidings.gateway.overloaded", (Gauge<Integer>) () -> overload() == null ? 0 : 1);
        metrics.register("tidings.gateway.heap-live-ratio", (Gauge<Double>) heap::liveShare);
    }

    /** Measures the heap. Call it once a second. */
    public void tick(long nowNanos) {
        double share = heap.liveShare();
        if (share != measuredShare) {
            measuredShare = share;
            measuredAtNanos = nowNanos;
        }
        heapIsScarce = share > maxLiveShare && nowNanos - measuredAtNanos <= MAX_AGE.toNanos();
    }

    /** Returns why no session may open now, for operators; null: one may. */
    public @Nullable String overload() {
        if (budget.isScarce()) {
            return "three quarters of gateway.max-buffered-megabytes are used";
        }
        if (heapIsScarce) {
            return "the heap is above gateway.max-heap-percent after a garbage collection";
        }
        return connections.getAsInt() > maxConnections
                ? "there are more than " + maxConnections + " connections (gateway.max-connections)"
                : null;
    }

    /** Returns the reason for {@code /readyz}, or an empty list. */
    public List<String> missing() {
        String overload = overload();
        return overload == null ? List.of() : List.of("the gateway accepts no new sessions: " + overload);
    }

    /** Returns the end of a connection whose session may not open now; null: it may. */
    @Nullable
    Disconnection rejectConnect() {
        if (overload() == null) {
            return null;
        }
        rejected.mark();
        return Disconnection.noRoom();
    }
}
