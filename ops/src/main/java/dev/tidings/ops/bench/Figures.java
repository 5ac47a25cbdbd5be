package dev.tidings.ops.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Named numbers, and rows of percentiles, in the order in which they were put. */
final class Figures {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value a number, or a text in which nothing needs escaping */
    void put(String name, Object value) {
        values.put(name, value);
    }

    void putRounded(String name, double value) {
        values.put(name, rounded(value));
    }

    /** @param nanos whose percentiles are put in milliseconds */
    void putMillis(String name, Histogram nanos) {
        values.put(name, row(nanos, NANOS_PER_MILLI));
    }

    /** @param counts whose percentiles are put as they are */
    void putCounts(String name, Histogram counts) {
        values.put(name, row(counts, 1));
    }

    /** What was found of all messages of a run. */
    void putPromise(Verdict verdict) {
        put("lost", verdict.lost);
        put("rescued", verdict.rescued);
        put("duplicated", verdict.duplicated);
        put("outOfOrder", verdict.outOfOrder);
        put("gaps", verdict.gaps);
        put("unanswered", verdict.unanswered);
        put("foreign", verdict.foreign);
        put("redelivered", verdict.redelivered);
        put("recovered", verdict.recovered);
        put("resent", verdict.resent);
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
            default -> "\"" + value + '"';
        };
    }

    private static Map<String, Object> row(Histogram histogram, double unit) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("p50", rounded(histogram.getValueAtPercentile(50) / unit));
        row.put("p99", rounded(histogram.getValueAtPercentile(99) / unit));
        row.put("p999", rounded(histogram.getValueAtPercentile(99.9) / unit));
        row.put("max", rounded(histogram.getMaxValue() / unit));
        return row;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
