package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.measure.ServerMemory;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run with idle connections. {@code connectMillis} is each client's time from the attempt to {@code connected};
 * {@code connectsPerSecond} counts from the first attempt until all are connected. Memory is that of the gateway's process, beyond
 * what it had before the first connection.
 */
final class ConnectReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws = new ArrayList<>();

    /**
     * @param failedConnects connections that were rejected or lost before all were connected
     * @param lost connections that were lost afterwards
     * @param before null: the memory was not measured
     */
    ConnectReport(
            ConnectPlan plan,
            int connected,
            double connectSeconds,
            Histogram connectNanos,
            int failedConnects,
            int lost,
            TrafficCounters counters,
            @Nullable ServerMemory before,
            @Nullable ServerMemory after) {
        int users = plan.run().users();
        table.put("users", users);
        table.put("subprotocol", plan.run().format().subprotocol());
        table.put("connectRate", plan.connectRate());
        table.put("connected", connected);
        table.putRounded("connectsPerSecond", users / connectSeconds);
        table.put("failedConnects", failedConnects);
        table.put("idleSeconds", plan.idle().toSeconds());
        table.put("lost", lost);
        table.put("errors", counters.errors.sum());
        if (before != null && after != null) {
            table.put("heapBytesBefore", before.heapBytes());
            table.put("heapBytesPerConnection", (after.heapBytes() - before.heapBytes()) / users);
            table.put("residentBytesBefore", before.residentBytes());
            table.put("residentBytesPerConnection", (after.residentBytes() - before.residentBytes()) / users);
        }
        table.putMillis("connectMillis", connectNanos);
        if (connected < users) {
            flaws.add(users - connected + " users are not connected");
        }
        if (lost > 0) {
            flaws.add(lost + " connections were lost while they were idle");
        }
    }

    @Override
    public ReportTable table() {
        return table;
    }

    /** Returns how many users are not connected, and how many connections were lost. */
    @Override
    public List<String> flaws() {
        return List.copyOf(flaws);
    }
}
