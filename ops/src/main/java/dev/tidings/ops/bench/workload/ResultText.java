package dev.tidings.ops.bench.workload;

import dev.tidings.ops.bench.report.ReportTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints results of workloads for people. A figure that a step does not have is a dash. */
public final class ResultText {

    private static final String NONE = "-";

    private ResultText() {}

    /** Prints one row for each step. */
    public static void print(WorkloadResult result, PrintWriter out) {
        TextTable table = new TextTable();
        table.add(header(Objects.requireNonNullElse(result.axis(), "step"), result.shown()));
        for (StepResult step : result.steps()) {
            table.add(header(
                    step.label(),
                    result.shown().stream()
                            .map(name -> number(step.figures().get(name)))
                            .toList()));
        }
        out.println(result.name() + (result.description().isEmpty() ? "" : ": " + result.description()));
        out.println();
        table.print(out);
    }

    /** Prints, for each step that both have, each shown figure of both and their ratio, second to first. */
    public static void printComparison(WorkloadResult first, WorkloadResult second, PrintWriter out) {
        TextTable table = new TextTable();
        table.add(List.of("step", "figure", "first", "second", "second / first"));
        for (StepResult step : first.steps()) {
            second.steps().stream()
                    .filter(other -> other.label().equals(step.label()))
                    .findFirst()
                    .ifPresent(other -> rows(step.label(), first.shown(), step.figures(), other.figures())
                            .forEach(table::add));
        }
        table.print(out);
    }

    private static List<List<String>> rows(
            String label, List<String> shown, Map<String, Double> first, Map<String, Double> second) {
        return shown.stream()
                .map(name -> List.of(
                        label,
                        name,
                        number(first.get(name)),
                        number(second.get(name)),
                        ratio(first.get(name), second.get(name))))
                .toList();
    }

    private static String ratio(@Nullable Double first, @Nullable Double second) {
        return first == null || second == null || first == 0
                ? NONE
                : String.format(Locale.ROOT, "%.2f", second / first);
    }

    static String number(@Nullable Double value) {
        return value == null ? NONE : ReportTable.number(value);
    }

    private static List<String> header(String first, List<String> others) {
        List<String> cells = new ArrayList<>();
        cells.add(first);
        cells.addAll(others);
        return cells;
    }
}
