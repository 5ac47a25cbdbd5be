package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
