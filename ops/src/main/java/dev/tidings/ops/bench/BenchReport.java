package dev.tidings.ops.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What came of a run, for people and for programs. {@code sent}, {@code sequenced}, {@code delivered}, {@code refused},
 * {@code deliveredToAll}, {@code achievedRate} and the latencies are of the measured window; all other counts are of the
 * whole run. What concerns receivers counts for each of them: of a group of n users online, n - 1 for each message.
 */
final class BenchReport {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Verdict verdict;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param lag how late the generator sent, in nanoseconds */
    BenchReport(BenchPlan plan, Verdict verdict, Tally tally, Histogram lag) {
        this.verdict = verdict;
        values.put("seconds", plan.seconds());
        values.put("warmupSeconds", plan.warmupSeconds());
        values.put("rate", plan.rate());
        values.put("achievedRate", rounded((double) verdict.answeredInTime() / plan.seconds()));
        values.put("users", plan.users());
        if (plan.isGroup()) {
            values.put("groupMembers", plan.groupMembers());
        }
        values.put("subprotocol", plan.format().subprotocol());
        values.put("seed", plan.seed());
        values.put("sent", verdict.sent);
        values.put("sequenced", verdict.sequenced);
        values.put("delivered", verdict.delivered);
        if (plan.isGroup()) {
            values.put("deliveredToAll", verdict.deliveredToAll);
        }
        values.put("refused", verdict.refused);
        values.put("lost", verdict.lost);
        values.put("rescued", verdict.rescued);
        values.put("duplicated", verdict.duplicated);
        values.put("outOfOrder", verdict.outOfOrder);
        values.put("gaps", verdict.gaps);
        values.put("unanswered", verdict.unanswered);
        values.put("foreign", verdict.foreign);
        values.put("redelivered", verdict.redelivered);
        values.put("recovered", verdict.recovered);
        values.put("resent", verdict.resent);
        values.put("errors", tally.errors.sum());
        values.put("reconnects", tally.reconnects.sum());
        values.put("sendToSequencedMillis", millis(verdict.sendToSequenced));
        values.put("sendToDeliveredMillis", millis(verdict.sendToDelivered));
        if (plan.isGroup()) {
            values.put("sendToAllMillis", millis(verdict.sendToAll));
        }
        values.put("sendLagMillis", millis(lag));
    }

    /** Whether the promise was kept to every message, and there was one to keep it to. */
    boolean isClean() {
        return verdict.isClean() && verdict.sent > 0;
    }

    void print(PrintWriter out) {
        values.forEach((name, value) -> {
            if (!(value instanceof Map)) {
                out.printf("%-24s %15s%n", name, value);
            }
        });
        out.printf("%n%-24s %9s %9s %9s %9s%n", "", "p50", "p99", "p999", "max");
        values.forEach((name, value) -> {
            if (value instanceof Map<?, ?> row) {
                out.printf("%-24s", name);
                row.values().forEach(number -> out.printf(Locale.ROOT, " %9.3f", ((Number) number).doubleValue()));
                out.println();
            }
        });
        out.printf("%n%s%n", isClean() ? "The promise was kept." : "THE PROMISE WAS NOT KEPT.");
        out.flush();
    }

    String toJson() {
        return json(values) + '\n';
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Number number -> number.toString();
            // Names of subprotocols: nothing in them needs escaping.
            default -> "\"" + value + '"';
        };
    }

    private static Map<String, Object> millis(Histogram nanos) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("p50", rounded(nanos.getValueAtPercentile(50) / NANOS_PER_MILLI));
        row.put("p99", rounded(nanos.getValueAtPercentile(99) / NANOS_PER_MILLI));
        row.put("p999", rounded(nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI));
        row.put("max", rounded(nanos.getMaxValue() / NANOS_PER_MILLI));
        return row;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
