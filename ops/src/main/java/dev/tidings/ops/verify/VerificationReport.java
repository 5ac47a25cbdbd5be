package dev.tidings.ops.verify;

import dev.tidings.ops.log.Printable;
import dev.tidings.ops.verify.Discrepancy.Kind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The result of a comparison, as text. */
public final class VerificationReport {

    private static final int ID_LENGTH = 120;

    private final List<PartitionResult> results;
    private final Discrepancies discrepancies;

    /**
     * The counts of one partition.
     *
     * @param events compared events in the log
     * @param messages those that send a message
     * @param recentConversations conversations that Redis has
     * @param recentEvents their compared events in Redis
     * @param notCompared offsets at the end of the partition that a sink has not committed yet
     */
    public record PartitionResult(
            int partition,
            long conversations,
            long events,
            long messages,
            long recentConversations,
            long recentEvents,
            long notCompared) {}

    VerificationReport(List<PartitionResult> results, Discrepancies discrepancies) {
        this.results = List.copyOf(results);
        this.discrepancies = discrepancies;
    }

    /** Whether the log has no gap and all copies are equal to it. */
    public boolean isEqual() {
        return discrepancies.isEmpty();
    }

    /** Returns the first 100 discrepancies. */
    public List<Discrepancy> discrepancies() {
        return discrepancies.first();
    }

    /** Returns the number of events with a discrepancy of this kind in the store. */
    public long count(Store store, Kind kind) {
        return discrepancies.count(store, kind);
    }

    /** Returns the number of compared events in the log. */
    long events() {
        return sum(PartitionResult::events);
    }

    public void print(PrintWriter out) {
        for (Discrepancy found : discrepancies()) {
            String seqs = found.fromSeq() == found.toSeq()
                    ? "seq " + found.fromSeq()
                    : "seq " + found.fromSeq() + "-" + found.toSeq();
            out.printf(
                    Locale.ROOT,
                    "%-20s %-10s %s %s%n",
                    found.store().label(),
                    found.kind().name().toLowerCase(Locale.ROOT),
                    Printable.oneLine(found.conversationId(), ID_LENGTH),
                    seqs);
        }
        if (!isEqual()) {
            out.println();
        }
        out.printf(
                Locale.ROOT,
                "%-20s %13s %12s %10s %10s %10s%n",
                "store",
                "conversations",
                "compared",
                "missing",
                "extra",
                "different");
        print(out, Store.LOG, sum(PartitionResult::conversations), sum(PartitionResult::events));
        print(out, Store.EVENTS, sum(PartitionResult::conversations), sum(PartitionResult::events));
        print(out, Store.MESSAGES, sum(PartitionResult::conversations), sum(PartitionResult::messages));
        print(out, Store.REDIS, sum(PartitionResult::recentConversations), sum(PartitionResult::recentEvents));
        out.println();
        long notCompared = sum(PartitionResult::notCompared);
        if (notCompared > 0) {
            out.println("Not compared: the last " + notCompared + " offsets, which a sink has not stored yet.");
        }
        out.println(isEqual() ? "All copies are equal to the log." : "THE COPIES DIFFER FROM THE LOG.");
        out.flush();
    }

    private void print(PrintWriter out, Store store, long conversations, long compared) {
        out.printf(
                Locale.ROOT,
                "%-20s %13d %12d %10d %10d %10d%n",
                store.label(),
                conversations,
                compared,
                count(store, Kind.MISSING),
                count(store, Kind.EXTRA),
                count(store, Kind.DIFFERENT));
    }

    private long sum(ToLongFunction<PartitionResult> column) {
        return results.stream().mapToLong(column).sum();
    }
}
