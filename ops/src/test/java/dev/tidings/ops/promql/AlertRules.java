package dev.tidings.ops.promql;

import dev.tidings.ops.RepositoryFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rules of {@code ops/deploy/prometheus/alerts.yaml}. */
public final class AlertRules {

    /** @param forSeconds how long the expression must have a result before the alert fires */
    private record Rule(String alert, String expression, long forSeconds, Map<String, String> labels) {}

    /** An alert that fires. */
    public record Alert(String name, SortedMap<String, String> labels) {}

    private final List<Rule> rules = new ArrayList<>();

    private AlertRules() {}

    public static AlertRules load() {
        AlertRules loaded = new AlertRules();
        Map<?, ?> file = yaml(RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/deploy/prometheus/alerts.yaml")));
        for (Object group : (List<?>) Objects.requireNonNull(file.get("groups"))) {
            for (Object rule : (List<?>) Objects.requireNonNull(((Map<?, ?>) group).get("rules"))) {
                Map<?, ?> fields = (Map<?, ?>) rule;
                Map<String, String> labels = new HashMap<>();
                ((Map<?, ?>) Objects.requireNonNull(fields.get("labels")))
                        .forEach((name, value) -> labels.put(name.toString(), value.toString()));
                loaded.rules.add(new Rule(
                        String.valueOf(fields.get("alert")),
                        String.valueOf(fields.get("expr")),
                        seconds(String.valueOf(fields.get("for"))),
                        labels));
            }
        }
        return loaded;
    }

    /** The names of all alerts. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        rules.forEach(rule -> names.add(rule.alert));
        return names;
    }

    /**
     * Evaluates the rules again and again, and returns the alerts that fire at the end.
     *
     * @param stepSeconds the evaluation interval
     */
    public Set<Alert> firing(MetricSamples samples, long fromSeconds, long toSeconds, long stepSeconds) {
        Set<Alert> firing = new HashSet<>();
        rules.forEach(rule -> firing.addAll(firing(rule, samples, fromSeconds, toSeconds, stepSeconds)));
        return firing;
    }

    /** As {@link #firing}, for one rule. */
    boolean fires(String alert, MetricSamples samples, long fromSeconds, long toSeconds, long stepSeconds) {
        return !firing(rule(alert), samples, fromSeconds, toSeconds, stepSeconds)
                .isEmpty();
    }

    String expression(String alert) {
        return rule(alert).expression;
    }

    private Rule rule(String alert) {
        return rules.stream()
                .filter(rule -> rule.alert.equals(alert))
                .findFirst()
                .orElseThrow();
    }

    private static Set<Alert> firing(
            Rule rule, MetricSamples samples, long fromSeconds, long toSeconds, long stepSeconds) {
        Map<SortedMap<String, String>, Long> pendingSince = new HashMap<>();
        for (long now = fromSeconds; now <= toSeconds; now += stepSeconds) {
            long at = now;
            Set<SortedMap<String, String>> active = new HashSet<>();
            PromQl.evaluate(rule.expression, samples, now).forEach(value -> active.add(PromQl.withoutName(value)));
            pendingSince.keySet().retainAll(active);
            active.forEach(labels -> pendingSince.putIfAbsent(labels, at));
        }
        Set<Alert> firing = new HashSet<>();
        pendingSince.forEach((labels, since) -> {
            if (toSeconds - since >= rule.forSeconds) {
                SortedMap<String, String> all = new TreeMap<>(labels);
                all.putAll(rule.labels);
                firing.add(new Alert(rule.alert, all));
            }
        });
        return firing;
    }

    /** Parses a time such as {@code 15m}. */
    public static long seconds(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> number;
            case 'm' -> 60 * number;
            case 'h' -> 3_600 * number;
            default -> throw new IllegalArgumentException("s, m and h are known here, not " + text);
        };
    }

    /** Reads YAML, or JSON, which is YAML. */
    public static Map<?, ?> yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text);
    }
}
