package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.run.RunningSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Processes of all roles on 127.0.0.1: one with the backends, two with the topologies, one with the sinks, two gateways. Ports stay
 * the same when a process starts again. Used by one thread.
 */
final class Cluster implements AutoCloseable {

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_STEPS = 1_000;
    private static final String KAFKA_PORT = "embedded.kafka-port";
    private static final String REDIS_PORT = "embedded.redis-port";
    private static final String CLICKHOUSE_PORT = "embedded.clickhouse-port";

    private final Path directory;
    private final Map<String, String> common;
    private final List<Integer> backendPorts;
    private final List<ClusterProcess> processes = new ArrayList<>();
    private final List<URI> gateways = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Cluster(Path directory, Map<String, String> common, List<Integer> backendPorts) {
        this.directory = directory;
        this.common = common;
        this.backendPorts = backendPorts;
    }

    /**
     * Starts all processes and returns when both gateways are ready.
     *
     * @param directory for data, settings and logs
     * @throws BenchException if they are not ready within three minutes
     */
    static Cluster start(Path directory) throws IOException {
        List<Integer> ports = freePorts(3 + ClusterRole.GATEWAY.processes);
        Map<String, String> backends = Map.of(
                KAFKA_PORT,
                Integer.toString(ports.get(0)),
                REDIS_PORT,
                Integer.toString(ports.get(1)),
                CLICKHOUSE_PORT,
                Integer.toString(ports.get(2)),
                "topics.conversation-partitions",
                "4",
                "topics.user-partitions",
                "4",
                "topics.gateway-slots",
                Integer.toString(ClusterRole.GATEWAY.processes));
        Cluster cluster = new Cluster(directory, new HashMap<>(backends), ports.subList(0, 3));
        try {
            cluster.startBackends(backends);
            cluster.startRoles(ports.subList(3, ports.size()));
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startBackends(Map<String, String> settings) throws IOException {
        ClusterProcess backends = add("backends", ClusterRole.BACKENDS, settings);
        Path published = directory.resolve(".tidings").resolve("run");
        await("backends", () -> {
            requireAlive(backends);
            return !RunningSystem.find(published).isEmpty();
        });
        common.putAll(RunningSystem.find(published));
        common.keySet().removeIf(key -> key.startsWith("embedded.") || key.equals("gateway.url"));
    }

    private void startRoles(List<Integer> gatewayPorts) throws IOException {
        for (ClusterRole role : ClusterRole.values()) {
            for (int i = 0; i < role.processes && role != ClusterRole.BACKENDS; i++) {
                String name = role.processes == 1 ? role.command : role.command + '-' + (i + 1);
                Map<String, String> settings = new HashMap<>(common);
                if (role == ClusterRole.PROCESSORS) {
                    settings.put(
                            "processors.state-directory",
                            directory.resolve("state-" + (i + 1)).toString());
                }
                if (role == ClusterRole.GATEWAY) {
                    settings.put("gateway.slot", Integer.toString(i));
                    settings.put("gateway.http-port", Integer.toString(gatewayPorts.get(i)));
                    settings.put("gateway.limit.address.frames", "off");
                    gateways.add(URI.create("http://127.0.0.1:" + gatewayPorts.get(i)));
                }
                add(name, role, settings);
            }
        }
        awaitReady();
    }

    private ClusterProcess add(String name, ClusterRole role, Map<String, String> settings) throws IOException {
        ClusterProcess process = new ClusterProcess(name, role, settings, directory);
        processes.add(process);
        process.start();
        return process;
    }

    List<ClusterProcess> processes() {
        return List.copyOf(processes);
    }

    List<URI> gateways() {
        return List.copyOf(gateways);
    }

    /** The secret that signs users' tokens. */
    String tokenSecret() {
        String secret = common.get("gateway.jwt.secret");
        if (secret == null) {
            throw new IllegalStateException("the backends publish no gateway.jwt.secret");
        }
        return secret;
    }

    /** Starts a process again. Waits until nothing else holds its ports. */
    void startAgain(ClusterProcess process) throws IOException {
        if (process.role() == ClusterRole.BACKENDS) {
            await("the ports of the backends", () -> backendPorts.stream().allMatch(Cluster::isFree));
        }
        process.start();
    }

    /**
     * Waits until both gateways are ready, which needs the backends and the topologies.
     *
     * @throws BenchException if a process has ended, or they are not ready within three minutes
     */
    void awaitReady() {
        for (URI gateway : gateways) {
            await(gateway + "/readyz", () -> {
                processes.forEach(Cluster::requireAlive);
                return isReady(gateway);
            });
        }
    }

    private boolean isReady(URI gateway) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void requireAlive(ClusterProcess process) {
        if (!process.isAlive()) {
            throw new BenchException(process.name() + " has ended by itself; see its log");
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new BenchException(
                        what + " not ready within " + READY_TIMEOUT.toSeconds() + " s; logs are in " + directory);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns ports below the range of outgoing connections: none takes them while a process is down. */
    private static List<Integer> freePorts(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int port = FIRST_PORT + (int) (ProcessHandle.current().pid() % PORT_STEPS) * 10;
                ports.size() < count && port < LAST_PORT;
                port++) {
            if (isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new BenchException("no " + count + " free ports up to " + LAST_PORT);
        }
        return ports;
    }

    /** Stops the processes, the last started first. */
    @Override
    public void close() {
        processes.reversed().forEach(ClusterProcess::close);
        http.close();
    }
}
