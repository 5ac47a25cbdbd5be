package dev.tidings.ops.bench.workload;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several runs of the load generator that belong together.
 *
 * @param command {@code bench}, or one of its subcommands that make a run
 * @param axis what the steps' {@code x} counts, such as "members of the group"; null: the steps have no x
 * @param repeat how often each step runs; its figures are the medians
 * @param figures the names of the figures that the table and the plots show
 */
public record Workload(
        String name,
        String description,
        String command,
        @Nullable String axis,
        int repeat,
        List<String> figures,
        List<Step> steps) {

    public static final int MAX_STEPS = 100;
    public static final int MAX_REPEAT = 20;

    /**
     * One run.
     *
     * @param x its place on the axis; null without an axis
     * @param options long options of the command without dashes, with their values
     */
    public record Step(String label, @Nullable Double x, Map<String, String> options) {

        public Step {
            options = Map.copyOf(options);
        }
    }

    public Workload {
        figures = List.copyOf(figures);
        steps = List.copyOf(steps);
    }
}
