package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidings.gateway.GatewayConfig;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.logging.LogSettings;
import dev.tidings.ops.monitoring.HealthPort;
import dev.tidings.ops.run.KnownKeys;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests for Kubernetes agree with each other and with the settings, ports and stop times of the code. */
class KubernetesFilesTest {

    private static final Path DIRECTORY = RepositoryFiles.ROOT.resolve("ops/deploy/kubernetes");
    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "Job");
    private static final String SECRET = "a-secret-of-32-bytes-for-the-test";

    /** The longest planned stop of each role in seconds, see upgrading.md, with some reserve. */
    private static final Map<String, Integer> STOP_SECONDS = Map.of("gateway", 10, "processors", 15, "connectors", 5);

    private static final List<Map<?, ?>> OBJECTS = objects();

    @Test
    void kustomize_takes_every_file_and_no_other() {
        Map<?, ?> kustomization = yaml(DIRECTORY.resolve("kustomization.yaml")).getFirst();
        Set<String> files = RepositoryFiles.below(DIRECTORY, ".yaml").stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals("kustomization.yaml"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(files, new TreeSet<>(strings(kustomization.get("resources"))));
        assertEquals(
                List.of("tidings.properties"),
                strings(map(list(kustomization.get("configMapGenerator")).getFirst())
                        .get("files")));
    }

    /** Needs {@code kubectl} on the {@code PATH}. */
    @Test
    void kustomize_builds_every_object() throws Exception {
        assumeTrue(
                Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl"))),
                "SKIPPED: kubectl is not on the PATH");
        Process process = new ProcessBuilder("kubectl", "kustomize", DIRECTORY.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);

        Set<String> built = new TreeSet<>();
        parse(output).forEach(object -> built.add(object.get("kind") + " " + nameOf(object)));
        Set<String> expected = new TreeSet<>();
        OBJECTS.forEach(object -> expected.add(object.get("kind") + " " + nameOf(object)));
        assertTrue(built.removeIf(name -> name.startsWith("ConfigMap tidings-settings-")), "the settings");
        assertEquals(expected, built);
    }

    @Test
    void every_role_accepts_its_settings() {
        for (Map<?, ?> workload : workloads()) {
            Settings settings = settingsOf(workload);
            KnownKeys.load().check(settings);
            switch (componentOf(workload)) {
                case "gateway" -> GatewayConfig.from(settings);
                case "processors" -> ProcessorsConfig.from(settings);
                case "connectors" -> ConnectorsConfig.from(settings);
                case "topics" -> TopicLayout.from(settings);
                default -> throw new AssertionError(workload);
            }
            LogSettings.from(settings);
        }
        assertEquals(4, workloads().size());
    }

    @Test
    void a_container_runs_its_role_on_the_port_of_its_settings() {
        for (Map<?, ?> workload : workloads()) {
            String role = componentOf(workload);
            Map<?, ?> container = containerOf(workload);
            assertEquals(List.of(role, "--config", "/etc/tidings/tidings.properties"), container.get("args"));
            Settings settings = settingsOf(workload);
            int port = switch (role) {
                case "gateway" -> GatewayConfig.httpPort(settings);
                case "processors" -> HealthPort.ofProcessors(settings).port();
                case "connectors" -> HealthPort.ofConnectors(settings).port();
                default -> 0;
            };
            if (port == 0) {
                assertFalse(container.containsKey("readinessProbe"), role);
                continue;
            }
            Map<?, ?> declared = map(list(container.get("ports")).getFirst());
            assertEquals(port, declared.get("containerPort"), role);
            Map<?, ?> health = map(list(container.get("ports")).getLast());
            if (role.equals("gateway")) {
                assertEquals(GatewayConfig.from(settings).healthPort(), health.get("containerPort"));
            }
            Map<String, String> paths =
                    Map.of("startupProbe", "/healthz", "livenessProbe", "/healthz", "readinessProbe", "/readyz");
            paths.forEach((probe, path) -> {
                Map<?, ?> get = map(map(container.get(probe)).get("httpGet"));
                assertEquals(path, get.get("path"), role + ' ' + probe);
                assertEquals(health.get("name"), get.get("port"), role + ' ' + probe);
            });
            ofKind("Service").stream()
                    .filter(service -> nameOf(service).equals("tidings-" + role))
                    .forEach(service -> assertEquals(
                            port,
                            map(list(map(service.get("spec")).get("ports")).getFirst())
                                    .get("port"),
                            role));
            assertTrue(
                    ofKind("NetworkPolicy").stream()
                            .filter(policy -> nameOf(policy).equals("tidings-" + role))
                            .anyMatch(policy -> policy.toString().contains("port=" + port)),
                    role);
        }
    }

    @Test
    void every_selector_selects_exactly_the_pods_of_one_role() {
        for (Map<?, ?> object : OBJECTS) {
            Map<?, ?> spec = map(object.containsKey("spec") ? object.get("spec") : Map.of());
            Map<?, ?> labels = switch (String.valueOf(object.get("kind"))) {
                case "Service" -> map(spec.get("selector"));
                case "Deployment", "StatefulSet", "PodDisruptionBudget" ->
                    map(map(spec.get("selector")).get("matchLabels"));
                default -> Map.of();
            };
            if (!labels.isEmpty()) {
                List<String> selected = workloads().stream()
                        .filter(workload -> podLabelsOf(workload).entrySet().containsAll(labels.entrySet()))
                        .map(KubernetesFilesTest::nameOf)
                        .toList();
                assertEquals(List.of(nameOf(object)), selected, object::toString);
            }
        }
    }

    @Test
    void a_pod_has_time_for_its_planned_stop() {
        STOP_SECONDS.forEach((role, seconds) -> {
            Map<?, ?> workload = workloads().stream()
                    .filter(it -> componentOf(it).equals(role))
                    .findFirst()
                    .orElseThrow();
            int before = 0;
            if (containerOf(workload).get("lifecycle") instanceof Map<?, ?> lifecycle) {
                before = number(map(map(lifecycle.get("preStop")).get("sleep")).get("seconds"));
            }
            assertTrue(number(podOf(workload).get("terminationGracePeriodSeconds")) >= before + seconds, role);
        });
    }

    @Test
    void autoscalers_stay_within_the_slots_and_partitions_and_use_metrics_that_exist() {
        String metrics = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/docs/monitoring.md"));
        for (Map<?, ?> autoscaler : ofKind("HorizontalPodAutoscaler")) {
            Map<?, ?> spec = map(autoscaler.get("spec"));
            Map<?, ?> target = map(spec.get("scaleTargetRef"));
            Map<?, ?> workload = workloads().stream()
                    .filter(it -> nameOf(it).equals(target.get("name")))
                    .findFirst()
                    .orElseThrow();
            assertEquals(workload.get("kind"), target.get("kind"));
            assertFalse(map(workload.get("spec")).containsKey("replicas"), "the autoscaler sets the number of pods");
            TopicLayout layout = TopicLayout.from(settingsOf(workload));
            int limit = componentOf(workload).equals("gateway")
                    ? layout.gatewaySlots() - 1
                    : Math.min(layout.conversations(), layout.users());
            assertTrue(number(spec.get("maxReplicas")) <= limit, () -> autoscaler + ": at most " + limit);
            assertTrue(number(spec.get("minReplicas")) >= 2);
            for (Object metric : list(spec.get("metrics"))) {
                if (map(metric).get("pods") instanceof Map<?, ?> pods) {
                    String name = String.valueOf(map(pods.get("metric")).get("name"));
                    assertTrue(metrics.contains("`" + name + "`"), name);
                }
            }
        }
        assertEquals(3, ofKind("HorizontalPodAutoscaler").size());
    }

    @Test
    void every_pod_is_unprivileged_and_bounded_and_mounts_only_volumes_that_exist() {
        for (Map<?, ?> workload : workloads()) {
            Map<?, ?> pod = podOf(workload);
            Map<?, ?> container = containerOf(workload);
            assertEquals(true, map(pod.get("securityContext")).get("runAsNonRoot"));
            assertEquals(true, map(container.get("securityContext")).get("readOnlyRootFilesystem"));
            Map<?, ?> resources = map(container.get("resources"));
            assertEquals(
                    map(resources.get("requests")).get("memory"),
                    map(resources.get("limits")).get("memory"));
            Set<Object> volumes = new HashSet<>();
            list(pod.get("volumes")).forEach(volume -> volumes.add(map(volume).get("name")));
            list(map(workload.get("spec")).get("volumeClaimTemplates"))
                    .forEach(claim -> volumes.add(nameOf(map(claim))));
            Set<Object> mounted = new HashSet<>();
            list(container.get("volumeMounts"))
                    .forEach(mount -> mounted.add(map(mount).get("name")));
            assertEquals(volumes, mounted, () -> nameOf(workload));
        }
    }

    private static Settings settingsOf(Map<?, ?> workload) {
        Map<String, String> environment = new HashMap<>();
        for (Object variable : list(containerOf(workload).get("env"))) {
            Object value = map(variable).get("value");
            environment.put(
                    String.valueOf(map(variable).get("name")),
                    value == null ? SECRET : value.toString().replace("$(POD_IP)", "10.1.2.3"));
        }
        return Settings.load(DIRECTORY.resolve("tidings.properties"), environment);
    }

    private static List<Map<?, ?>> workloads() {
        return OBJECTS.stream()
                .filter(object -> WORKLOADS.contains(String.valueOf(object.get("kind"))))
                .collect(Collectors.toList());
    }

    private static List<Map<?, ?>> ofKind(String kind) {
        return OBJECTS.stream()
                .filter(object -> kind.equals(object.get("kind")))
                .collect(Collectors.toList());
    }

    private static String nameOf(Map<?, ?> object) {
        return String.valueOf(map(object.get("metadata")).get("name"));
    }

    private static String componentOf(Map<?, ?> workload) {
        return String.valueOf(podLabelsOf(workload).get("app.kubernetes.io/component"));
    }

    private static Map<?, ?> podLabelsOf(Map<?, ?> workload) {
        return map(map(template(workload).get("metadata")).get("labels"));
    }

    private static Map<?, ?> podOf(Map<?, ?> workload) {
        return map(template(workload).get("spec"));
    }

    private static Map<?, ?> template(Map<?, ?> workload) {
        return map(map(workload.get("spec")).get("template"));
    }

    private static Map<?, ?> containerOf(Map<?, ?> workload) {
        return map(list(podOf(workload).get("containers")).getFirst());
    }

    private static List<Map<?, ?>> objects() {
        List<Map<?, ?>> objects = new ArrayList<>();
        for (Path file : RepositoryFiles.below(DIRECTORY, ".yaml")) {
            if (!file.endsWith("kustomization.yaml")) {
                objects.addAll(yaml(file));
            }
        }
        return objects;
    }

    private static List<Map<?, ?>> yaml(Path file) {
        return parse(RepositoryFiles.read(file));
    }

    private static List<Map<?, ?>> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Map<?, ?>> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options)).loadAll(text).forEach(document -> documents.add(map(document)));
        return documents;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value);
    }

    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }

    private static int number(@Nullable Object value) {
        return (Integer) Objects.requireNonNull(value);
    }
}
