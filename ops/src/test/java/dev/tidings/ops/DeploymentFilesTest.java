package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.GatewayConfig;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.monitoring.HealthPort;
import dev.tidings.ops.run.KnownKeys;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of a deployment agree with the settings, ports and commands of the code. */
class DeploymentFilesTest {

    private static final Path DEPLOY = RepositoryFiles.ROOT.resolve("ops/deploy");
    private static final Set<String> ROLES = Set.of("topics", "processors", "connectors", "gateway");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+(?::[^}]*)?}");
    private static final String SECRET = "a-secret-of-32-bytes-for-the-test";

    private static final Map<?, ?> SERVICES = map(yaml("compose.yaml").get("services"));

    @Test
    void compose_runs_three_brokers_and_every_role_at_least_once() {
        Set<String> roles = new TreeSet<>();
        SERVICES.values().forEach(service -> roleOf(map(service), roles));
        assertEquals(new TreeSet<>(ROLES), roles);
        assertEquals(
                3,
                SERVICES.keySet().stream()
                        .filter(name -> name.toString().startsWith("kafka-"))
                        .count());
    }

    @Test
    void every_role_in_compose_accepts_its_settings() {
        SERVICES.forEach((name, service) -> {
            Set<String> role = new TreeSet<>();
            roleOf(map(service), role);
            if (!role.isEmpty()) {
                Settings settings = Settings.load(null, environment(map(service)));
                KnownKeys.load().check(settings);
                assertEquals(3, settings.integer("topics.replication-factor", 1, 1, 9));
                assertDoesNotThrow(() -> ProcessorsConfig.from(settings), name::toString);
                assertDoesNotThrow(() -> ConnectorsConfig.from(settings), name::toString);
                assertDoesNotThrow(() -> GatewayConfig.from(settings), name::toString);
            }
        });
    }

    @Test
    void every_health_check_in_compose_asks_the_port_of_its_role() {
        SERVICES.forEach((name, service) -> {
            Set<String> roles = new TreeSet<>();
            roleOf(map(service), roles);
            roles.remove("topics"); // ends by itself
            if (!roles.isEmpty()) {
                Settings settings = Settings.load(null, environment(map(service)));
                int port = switch (roles.iterator().next()) {
                    case "processors" -> HealthPort.ofProcessors(settings).port();
                    case "connectors" -> HealthPort.ofConnectors(settings).port();
                    default -> GatewayConfig.httpPort(settings);
                };
                String check =
                        String.valueOf(map(map(service).get("healthcheck")).get("test"));
                assertTrue(check.contains("http://localhost:" + port + "/readyz"), () -> name + ": " + check);
            }
        });
    }

    @Test
    void every_dependency_and_volume_in_compose_exists() {
        Set<?> volumes = map(yaml("compose.yaml").get("volumes")).keySet();
        SERVICES.forEach((name, service) -> {
            Object dependencies = map(service).get("depends_on");
            if (dependencies != null) {
                assertTrue(SERVICES.keySet().containsAll(map(dependencies).keySet()), name::toString);
            }
            Object mounts = map(service).get("volumes");
            for (Object mount : mounts instanceof List<?> list ? list : List.of()) {
                String source = mount.toString().split(":")[0];
                assertTrue(
                        source.startsWith("./") ? Files.exists(DEPLOY.resolve(source)) : volumes.contains(source),
                        () -> name + ": " + source);
            }
        });
    }

    @Test
    void the_load_balancer_and_prometheus_ask_the_services_of_compose() {
        Pattern target = Pattern.compile("((?:gateway|processors|connectors)(?:-[12])?):(808[0-9])");
        Map<String, String> gatewayPorts = Map.of("haproxy/haproxy.cfg", "8080", "prometheus/prometheus.yaml", "8083");
        gatewayPorts.forEach((file, gatewayPort) -> {
            Map<String, String> ports = Map.of("gateway", gatewayPort, "processors", "8081", "connectors", "8082");
            Set<String> asked = new TreeSet<>();
            target.matcher(RepositoryFiles.read(DEPLOY.resolve(file))).results().forEach(found -> {
                asked.add(found.group(1));
                assertTrue(SERVICES.containsKey(found.group(1)), found::group);
                assertEquals(ports.get(found.group(1).replaceFirst("-[12]$", "")), found.group(2), found::group);
            });
            assertTrue(asked.containsAll(Set.of("gateway-1", "gateway-2")), () -> file + ": " + asked);
        });
    }

    private static void roleOf(Map<?, ?> service, Set<String> roles) {
        if (service.get("command") instanceof List<?> command && ROLES.contains(String.valueOf(command.getFirst()))) {
            roles.add(String.valueOf(command.getFirst()));
        }
    }

    private static Map<String, String> environment(Map<?, ?> service) {
        Map<String, String> environment = new HashMap<>();
        map(service.get("environment"))
                .forEach((name, value) -> environment.put(
                        name.toString(), VARIABLE.matcher(value.toString()).replaceAll(SECRET)));
        return environment;
    }

    private static Map<?, ?> yaml(String file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return map(new Yaml(new SafeConstructor(options)).load(RepositoryFiles.read(DEPLOY.resolve(file))));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return assertInstanceOf(Map.class, Objects.requireNonNull(value));
    }
}
