package dev.tidings.ops.bench.history;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of one measurement.
 *
 * @param messages in ClickHouse
 * @param parts of the tables, after the merges
 * @param reads one row for each kind of read
 * @param plans {@code EXPLAIN indexes = 1} of one read of each kind
 */
public record HistoryResult(long messages, long parts, List<Read> reads, Map<String, List<String>> plans) {

    /**
     * @param results events or hits of all reads of this kind
     * @param goalMillis for the p99 with 10 million messages
     */
    public record Read(String name, double p50Millis, double p99Millis, long results, int goalMillis) {}

    public HistoryResult {
        reads = List.copyOf(reads);
        plans = Map.copyOf(plans);
    }

    public void print(PrintWriter out) {
        out.printf(Locale.ROOT, "messages %,d in %,d parts%n%n", messages, parts);
        out.printf(Locale.ROOT, "%-36s %10s %10s %10s %10s%n", "", "p50 ms", "p99 ms", "goal p99", "results");
        for (Read read : reads) {
            out.printf(
                    Locale.ROOT,
                    "%-36s %10.1f %10.1f %10d %,10d%n",
                    read.name(),
                    read.p50Millis(),
                    read.p99Millis(),
                    read.goalMillis(),
                    read.results());
        }
        for (Read read : reads) {
            out.printf("%n%s%n", read.name());
            plans.getOrDefault(read.name(), List.of()).forEach(line -> out.println("  " + line));
        }
        out.flush();
    }
}
