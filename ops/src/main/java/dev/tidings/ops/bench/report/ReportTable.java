package dev.tidings.ops.bench.report;

import dev.tidings.ops.bench.check.CheckResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** A table of named values and rows of percentiles, in the order of insertion. Not thread-safe. */
public final class ReportTable {

    private static final double NANOS_PER_MILLI = 1_000_000;

    /** Named parts of a value, the largest first. */
    private record Breakdown(Map<String, Double> parts) {}

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value a number, or a text without characters that JSON escapes */
    public void put(String name, Object value) {
        values.put(name, value);
    }

    /** Adds everything of another table. */
    public void putAll(ReportTable other) {
        values.putAll(other.values);
    }

    /** Adds everything of another table, with a prefix in front of each name. */
    public void putAll(String prefix, ReportTable other) {
        other.values.forEach((name, value) -> values.put(prefix + name, value));
    }

    /** Adds a number, rounded to three decimals. */
    public void putRounded(String name, double value) {
        values.put(name, rounded(value));
    }

    /** Adds a row of percentiles in milliseconds. */
    public void putMillis(String name, Histogram nanos) {
        values.put(name, row(nanos, NANOS_PER_MILLI));
    }

    /** Adds a row of percentiles without a unit. */
    public void putCounts(String name, Histogram counts) {
        values.put(name, row(counts, 1));
    }

    /** Adds the parts of a value, the largest first. Names contain no characters that JSON escapes. */
    public void putBreakdown(String name, Map<String, Double> parts) {
        Map<String, Double> largestFirst = new LinkedHashMap<>();
        parts.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(part -> largestFirst.put(part.getKey(), rounded(part.getValue())));
        values.put(name, new Breakdown(largestFirst));
    }

    /** Adds the counts that the checker made of all messages. */
    public void putChecks(CheckResult result) {
        put("lost", result.lost);
        put("rescued", result.rescued);
        put("duplicated", result.duplicated);
        put("outOfOrder", result.outOfOrder);
        put("gaps", result.gaps);
        put("unanswered", result.unanswered);
        put("foreign", result.foreign);
        put("redelivered", result.redelivered);
        put("recovered", result.recovered);
        put("resent", result.resent);
        put("wrongUnread", result.wrongUnread);
    }

    /**
     * Returns all numbers, in their order. The parts of a row or of a breakdown have the row's name in front, such as {@code
     * sendToDeliveredMillis.p99}.
     */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            switch (value) {
                case Number number -> figures.put(name, number.doubleValue());
                case Map<?, ?> row ->
                    row.forEach((column, number) -> figures.put(name + '.' + column, ((Number) number).doubleValue()));
                case Breakdown(Map<String, Double> parts) ->
                    parts.forEach((part, number) -> figures.put(name + '.' + part, number));
                default -> {} // a text
            }
        });
        return figures;
    }

    /** Returns the parts of each breakdown by its name, the largest first. */
    Map<String, Map<String, Double>> breakdowns() {
        Map<String, Map<String, Double>> breakdowns = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value instanceof Breakdown(Map<String, Double> parts)) {
                breakdowns.put(name, parts);
            }
        });
        return breakdowns;
    }

    /** Returns the single values: name and value. */
    List<List<String>> valueCells() {
        List<List<String>> cells = new ArrayList<>();
        values.forEach((name, value) -> {
            if (!(value instanceof Map) && !(value instanceof Breakdown)) {
                cells.add(List.of(name, value.toString()));
            }
        });
        return cells;
    }

    /** Returns the rows of percentiles: name, p50, p99, p999 and max. */
    List<List<String>> percentileCells() {
        List<List<String>> cells = new ArrayList<>();
        values.forEach((name, value) -> {
            if (value instanceof Map<?, ?> row) {
                List<String> line = new ArrayList<>();
                line.add(name);
                row.values().forEach(percentile -> line.add(number(((Number) percentile).doubleValue())));
                cells.add(line);
            }
        });
        return cells;
    }

    /** Returns a figure as people read it: without decimals from 100, otherwise with two. */
    public static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }

    /** Prints the single values, then the rows, then the breakdowns. */
    public void print(PrintWriter out) {
        valueCells().forEach(cells -> out.printf("%-24s %15s%n", cells.getFirst(), cells.getLast()));
        out.printf("%n%-24s %9s %9s %9s %9s%n", "", "p50", "p99", "p999", "max");
        values.forEach((name, value) -> {
            if (value instanceof Map<?, ?> row) {
                out.printf("%-24s", name);
                row.values().forEach(number -> out.printf(Locale.ROOT, " %9.3f", ((Number) number).doubleValue()));
                out.println();
            }
        });
        breakdowns().forEach((name, parts) -> {
            out.printf("%n%s%n", name);
            parts.forEach((part, number) -> out.printf(Locale.ROOT, "  %-46s %12.3f%n", part, number));
        });
    }

    /** Returns one JSON object; a row is an object with p50, p99, p999 and max. */
    String toJson(List<String> flaws) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("flaws", flaws);
        return json(all) + '\n';
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Breakdown(Map<String, Double> parts) -> json(parts);
            case List<?> list -> list.stream().map(ReportTable::json).collect(Collectors.joining(",", "[", "]"));
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
