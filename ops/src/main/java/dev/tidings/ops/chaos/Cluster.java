package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.embedded.BrokerSettings;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Processes of all roles on 127.0.0.1: one or three brokers, one process with the other backends, two with the topologies, two with
 * the sinks, two gateways. Redis, ClickHouse and several brokers are behind the proxies of a {@link FaultyNetwork}. Ports stay the same
 * when a process starts again. Used by one thread.
 */
final class Cluster implements AutoCloseable {

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_STEPS = 1_000;
    private static final int PORTS = 64;

    private final Path directory;
    private final Map<String, String> common = new HashMap<>();
    private final List<Integer> backendPorts = new ArrayList<>();
    private final List<ClusterProcess> processes = new ArrayList<>();
    private final Map<Long, String> namesByPid = new ConcurrentHashMap<>();
    private final List<URI> gateways = new ArrayList<>();
    private final Iterator<Integer> ports = freePorts(PORTS).iterator();
    private final SocketOwners owners = new SocketOwners(Path.of("/proc"));
    private final FaultyNetwork network = new FaultyNetwork(this::ownerOf);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Brokers brokers;

    private Cluster(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts all processes and returns when they are ready.
     *
     * @param brokers 1: Kafka runs with the other backends; 3: it has processes of its own
     * @param settings for all roles
     * @param directory for data, settings and logs
     * @throws BenchException if they are not ready within three minutes
     */
    static Cluster start(int brokers, Map<String, String> settings, Path directory) throws IOException {
        Cluster cluster = new Cluster(directory);
        cluster.common.putAll(settings);
        try {
            if (brokers > 1) {
                cluster.startBrokers();
            }
            cluster.startBackends();
            for (ClusterRole role : List.of(ClusterRole.PROCESSORS, ClusterRole.CONNECTORS, ClusterRole.GATEWAY)) {
                for (int number = 1; number <= role.processes; number++) {
                    cluster.startRole(role, number);
                }
                cluster.awaitReady(); // one role after the other: starting all JVMs at once would overload a small
                // machine
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startBrokers() throws IOException {
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < 4 * Brokers.REPLICAS; i++) {
            own.add(ports.next());
        }
        Brokers opened = Brokers.open(own, network, directory.resolve("data"));
        this.brokers = opened;
        for (BrokerSettings.Node node : opened.nodes()) {
            add(ClusterRole.BROKER.process(node.id()), ClusterRole.BROKER, opened.settings(node), null);
        }
        common.put("kafka.bootstrap-servers", opened.bootstrapServers());
        common.put("topics.replication-factor", Integer.toString(Brokers.REPLICAS));
        await("brokers", () -> {
            processes.forEach(Cluster::requireAlive);
            return opened.areInSync();
        });
    }

    private void startBackends() throws IOException {
        for (String key : List.of("embedded.kafka-port", "embedded.redis-port", "embedded.clickhouse-port")) {
            int port = ports.next();
            backendPorts.add(port);
            common.put(key, Integer.toString(port));
        }
        String partitions = brokers == null ? "4" : "2"; // with three replicas, each partition costs three
        common.put("topics.conversation-partitions", partitions);
        common.put("topics.user-partitions", partitions);
        common.put("topics.gateway-slots", Integer.toString(ClusterRole.GATEWAY.processes));
        String name = ClusterRole.BACKENDS.process(1);
        ClusterProcess backends = add(name, ClusterRole.BACKENDS, common, null);
        Path published = directory.resolve(".tidings").resolve("run");
        await(name, () -> {
            requireAlive(backends);
            return !RunningSystem.find(published).isEmpty();
        });
        common.putAll(RunningSystem.find(published));
        common.keySet().removeIf(key -> key.startsWith("embedded.") || key.equals("gateway.url"));
        for (String key : List.of("redis.url", "clickhouse.url")) {
            URI url = URI.create(Objects.requireNonNull(common.get(key), key));
            int proxy = network.addProxy(name, url.getPort(), ports.next());
            common.put(key, url.toString().replace(":" + url.getPort(), ":" + proxy));
        }
    }

    private void startRole(ClusterRole role, int number) throws IOException {
        Map<String, String> settings = new HashMap<>(common);
        URI http = URI.create("http://127.0.0.1:" + ports.next());
        switch (role) {
            case PROCESSORS -> {
                settings.put("processors.health-port", Integer.toString(http.getPort()));
                settings.put(
                        "processors.state-directory",
                        directory.resolve("state-" + number).toString());
            }
            case CONNECTORS -> settings.put("connectors.health-port", Integer.toString(http.getPort()));
            case GATEWAY -> {
                settings.put("gateway.slot", Integer.toString(number - 1));
                settings.put("gateway.http-port", Integer.toString(http.getPort()));
                settings.put("gateway.limit.address.frames", "off");
                gateways.add(http);
            }
            case BROKER, BACKENDS -> throw new IllegalArgumentException(role + " has no health port");
        }
        add(role.process(number), role, settings, http);
    }

    private ClusterProcess add(String name, ClusterRole role, Map<String, String> settings, @Nullable URI health)
            throws IOException {
        ClusterProcess process = new ClusterProcess(name, role, settings, directory, health);
        processes.add(process);
        start(process, Duration.ZERO);
        return process;
    }

    private void start(ClusterProcess process, Duration clockShift) throws IOException {
        process.start(clockShift);
        process.pid().ifPresent(pid -> namesByPid.put(pid, process.name()));
    }

    private @Nullable String ownerOf(int localPort, int remotePort) throws IOException {
        OptionalLong pid = owners.find(localPort, remotePort, namesByPid.keySet());
        return pid.isPresent() ? namesByPid.get(pid.getAsLong()) : null;
    }

    List<ClusterProcess> processes() {
        return List.copyOf(processes);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    ClusterProcess process(String name) {
        return processes.stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no process " + name));
    }

    List<URI> gateways() {
        return List.copyOf(gateways);
    }

    FaultyNetwork network() {
        return network;
    }

    /** The secret that signs users' tokens. */
    String tokenSecret() {
        return published("gateway.jwt.secret");
    }

    /** The addresses of Kafka, through proxies if there are several brokers. */
    String bootstrapServers() {
        return published("kafka.bootstrap-servers");
    }

    private String published(String key) {
        String value = common.get(key);
        if (value == null) {
            throw new IllegalStateException("the backends publish no " + key);
        }
        return value;
    }

    /**
     * Starts a process again. Waits until nothing else holds its ports.
     *
     * @param clockShift how far its clock is ahead; negative: behind
     */
    void startAgain(ClusterProcess process, Duration clockShift) throws IOException {
        if (process.role() == ClusterRole.BACKENDS) {
            await("the ports of the backends", () -> backendPorts.stream().allMatch(Cluster::isFree));
        }
        start(process, clockShift);
    }

    /**
     * Waits until all roles are ready, which needs the backends, and all replicas of several brokers are in sync.
     *
     * @throws BenchException if a process has ended, or they are not ready within three minutes
     */
    void awaitReady() {
        Brokers replicated = brokers;
        if (replicated != null) {
            await("replicas", () -> {
                processes.forEach(Cluster::requireAlive);
                return replicated.areInSync();
            });
        }
        for (ClusterProcess process : processes) {
            URI health = process.health();
            if (health != null) {
                await(process.name(), () -> {
                    processes.forEach(Cluster::requireAlive);
                    return isReady(health);
                });
            }
        }
    }

    private boolean isReady(URI role) {
        HttpRequest request = HttpRequest.newBuilder(role.resolve("/readyz"))
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

    /**
     * Stops the processes, the last started first.
     *
     * @throws BenchException if one of them does not stop; it is killed, and the others are stopped
     */
    @Override
    public void close() {
        network.heal();
        BenchException failure = null;
        for (ClusterProcess process : processes.reversed()) {
            try {
                process.close();
            } catch (BenchException e) {
                failure = e;
            }
        }
        network.close();
        http.close();
        if (failure != null) {
            throw failure;
        }
    }
}
