package dev.tidings.ops.promql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The samples that a server has scraped. A series ends when its target does not have it any more, or does not answer. */
public final class MetricSamples {

    /** The label of a metric's name. */
    static final String NAME = "__name__";

    private static final Pattern LINE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** @param value null: the series has ended */
    record Sample(long seconds, @Nullable Double value) {}

    private final Map<SortedMap<String, String>, List<Sample>> series = new HashMap<>();

    /** Adds what a target answers; null: it does not answer. Times must not decrease. */
    public void scrape(long seconds, String job, String instance, @Nullable String exposition) {
        Set<SortedMap<String, String>> present = new HashSet<>();
        Map<String, String> target = Map.of("job", job, "instance", instance);
        if (exposition != null) {
            exposition.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                Matcher parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw new IllegalArgumentException("not a sample: " + line);
                }
                SortedMap<String, String> labels = new TreeMap<>(target);
                labels.put(NAME, parts.group(1));
                labels.putAll(labels(parts.group(2)));
                add(labels, seconds, number(parts.group(3)));
                present.add(labels);
            });
        }
        SortedMap<String, String> up = new TreeMap<>(target);
        up.put(NAME, "up");
        add(up, seconds, exposition == null ? 0.0 : 1.0);
        present.add(up);
        series.forEach((labels, samples) -> {
            if (labels.entrySet().containsAll(target.entrySet())
                    && !present.contains(labels)
                    && samples.getLast().value() != null) {
                samples.add(new Sample(seconds, null));
            }
        });
    }

    /** Adds a sample. */
    public void add(Map<String, String> labels, long seconds, double value) {
        series.computeIfAbsent(new TreeMap<>(labels), added -> new ArrayList<>())
                .add(new Sample(seconds, value));
    }

    /** Parses labels such as {@code job="a", instance="b"}; null: none. */
    public static Map<String, String> labels(@Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        if (text != null) {
            LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return labels;
    }

    Map<SortedMap<String, String>, List<Sample>> series() {
        return series;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
