package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidings.ops.promql.AlertRules;
import dev.tidings.ops.promql.MetricSamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The alert rules, checked by Prometheus' own {@code promtool} (Debian's package {@code prometheus}). Tests that need it are skipped
 * if it is not on the {@code PATH}.
 */
class AlertRulesTest {

    private static final long MINUTE = 60;
    private static final Path RULES = RepositoryFiles.ROOT.resolve("ops/deploy/prometheus");

    @Test
    void every_rule_has_a_test_that_makes_it_fire() {
        assertEquals(
                found("alerts.yaml", Pattern.compile("- alert: (\\w+)")),
                found("alerts-test.yaml", Pattern.compile("alertname: (\\w+)")));
    }

    @Test
    void promtool_accepts_the_rules() throws Exception {
        promtool("check", "rules", "alerts.yaml");
    }

    @Test
    void promtool_accepts_the_configuration() throws Exception {
        promtool("check", "config", "--syntax-only", "prometheus.yaml");
    }

    @Test
    void every_alert_fires_for_the_metrics_of_its_incident() throws Exception {
        promtool("test", "rules", "alerts-test.yaml");
    }

    /** The same expectations as those of promtool, without it. */
    @Test
    void the_evaluator_of_the_tests_finds_the_same_alerts_as_promtool() {
        AlertRules rules = AlertRules.load();
        for (Object test : list(AlertRules.yaml(RepositoryFiles.read(RULES.resolve("alerts-test.yaml"))), "tests")) {
            MetricSamples samples = samples((Map<?, ?>) test);
            for (Object expectation : list((Map<?, ?>) test, "alert_rule_test")) {
                Map<?, ?> expected = (Map<?, ?>) expectation;
                String name = String.valueOf(expected.get("alertname"));
                Set<Map<String, String>> labels = new HashSet<>();
                for (Object alert : list(expected, "exp_alerts")) {
                    Map<String, String> of = new HashMap<>();
                    ((Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) alert).get("exp_labels")))
                            .forEach((key, value) -> of.put(key.toString(), value.toString()));
                    labels.add(of);
                }
                long at = AlertRules.seconds(String.valueOf(expected.get("eval_time")));
                Set<Map<String, String>> firing = new HashSet<>();
                rules.firing(samples, 0, at, MINUTE).stream()
                        .filter(alert -> alert.name().equals(name))
                        .forEach(alert -> firing.add(alert.labels()));
                assertEquals(labels, firing, name);
            }
        }
    }

    private static MetricSamples samples(Map<?, ?> test) {
        MetricSamples samples = new MetricSamples();
        long interval = AlertRules.seconds(String.valueOf(test.get("interval")));
        for (Object input : list(test, "input_series")) {
            String series = String.valueOf(((Map<?, ?>) input).get("series"));
            int brace = series.indexOf('{');
            Map<String, String> labels = MetricSamples.labels(series.substring(brace));
            labels.put("__name__", series.substring(0, brace));
            long at = 0;
            for (double value : values(String.valueOf(((Map<?, ?>) input).get("values")))) {
                samples.add(labels, at, value);
                at += interval;
            }
        }
        return samples;
    }

    /** Parses promtool's notation: {@code 5}, {@code 5x3} (four times 5), {@code 0+10x3} (0 10 20 30). */
    private static List<Double> values(String notation) {
        List<Double> values = new ArrayList<>();
        for (String part : notation.split(" ")) {
            String[] repeated = part.split("x");
            String[] steps = repeated[0].split("\\+");
            double value = Double.parseDouble(steps[0]);
            int repeats = repeated.length > 1 ? Integer.parseInt(repeated[1]) : 0;
            for (int i = 0; i <= repeats; i++) {
                values.add(value);
                value += steps.length > 1 ? Double.parseDouble(steps[1]) : 0;
            }
        }
        return values;
    }

    private static List<?> list(Map<?, ?> parent, String key) {
        return (List<?>) Objects.requireNonNull(parent.get(key), key);
    }

    private static Set<String> found(String file, Pattern pattern) {
        Set<String> names = new TreeSet<>();
        pattern.matcher(RepositoryFiles.read(RULES.resolve(file))).results().forEach(name -> names.add(name.group(1)));
        assertTrue(names.size() > 5, names::toString);
        return names;
    }

    private static void promtool(String... arguments) throws Exception {
        assumeTrue(
                Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "promtool"))),
                "SKIPPED: promtool is not on the PATH; install Debian's package prometheus");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(RULES.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
