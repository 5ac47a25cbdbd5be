package dev.tidings.ops.bench.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one step.
 *
 * @param x its place on the axis; null without an axis
 * @param runs how many runs it had
 * @param figures the median of each figure over the runs that have it
 * @param flaws what any run violated
 */
public record StepResult(String label, @Nullable Double x, int runs, Map<String, Double> figures, List<String> flaws) {

    public StepResult {
        flaws = List.copyOf(flaws);
    }

    /** @param runs the figures of each run; not empty */
    public static StepResult of(Workload.Step step, List<Map<String, Double>> runs, List<String> flaws) {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        runs.forEach(run -> run.forEach((name, value) ->
                all.computeIfAbsent(name, none -> new ArrayList<>()).add(value)));
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach((name, values) -> medians.put(name, median(values)));
        return new StepResult(step.label(), step.x(), runs.size(), medians, flaws);
    }

    /** The mean of the two middle values if their number is even. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
