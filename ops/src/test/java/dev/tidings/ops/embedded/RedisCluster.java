package dev.tidings.ops.embedded;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A Redis Cluster of three servers on 127.0.0.1, without replicas. Each server has a third of the slots. */
public final class RedisCluster implements AutoCloseable {

    private static final int SERVERS = 3;
    private static final int SLOTS = 16_384;
    /** Servers talk to each other on their port plus this. */
    private static final int BUS_PORT_OFFSET = 10_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(2);

    private final Path directory;
    private final List<Integer> ports = new ArrayList<>();
    private final List<OwnedProcess> servers = new ArrayList<>();

    private RedisCluster(Path directory) {
        this.directory = directory;
    }

    /** Starts the servers. Returns when every one of them knows the owners of all slots. */
    public static RedisCluster start(Path directory) {
        RedisCluster cluster = new RedisCluster(directory);
        for (int i = 0; i < SERVERS; i++) {
            cluster.ports.add(cluster.freePort());
            cluster.servers.add(cluster.startServer(i));
        }
        for (int i = 0; i < SERVERS; i++) {
            int[] slots = IntStream.range(SLOTS * i / SERVERS, SLOTS * (i + 1) / SERVERS)
                    .toArray();
            int epoch = i + 1;
            cluster.on(i, server -> server.clusterSetConfigEpoch(epoch));
            cluster.on(i, server -> server.clusterAddSlots(slots));
            cluster.on(i, server -> server.clusterMeet("127.0.0.1", cluster.ports.getFirst()));
        }
        cluster.awaitWhole();
        return cluster;
    }

    /** Names two of the servers. */
    public String url() {
        return "redis-cluster://127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
    }

    /** Returns the number of keys of each server. */
    public List<Long> keys() {
        return IntStream.range(0, SERVERS)
                .mapToObj(i -> on(i, RedisCommands::dbsize))
                .toList();
    }

    /** Stops one server; the cluster then answers no command. */
    public void stopServer(int server) {
        servers.get(server).stop(STOP_TIMEOUT);
    }

    /** Starts a stopped server with its data. Returns when the cluster answers again. */
    public void restartServer(int server) {
        servers.set(server, startServer(server));
        awaitWhole();
    }

    private void awaitWhole() {
        for (int i = 0; i < SERVERS; i++) {
            int server = i;
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).until(() -> {
                List<String> info =
                        on(server, RedisCommands::clusterInfo).lines().toList();
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + SERVERS);
            });
        }
    }

    private OwnedProcess startServer(int server) {
        int port = ports.get(server);
        try {
            Path data = Files.createDirectories(directory.resolve("redis-" + server));
            OwnedProcess started = OwnedProcess.start(
                    List.of(
                            RedisExecutable.find(SearchPath.ofEnvironment(), data.resolve("bin"))
                                    .toString(),
                            "--bind",
                            "127.0.0.1",
                            "--port",
                            String.valueOf(port),
                            "--dir",
                            data.toString(),
                            "--appendonly",
                            "yes",
                            "--save",
                            "",
                            "--cluster-enabled",
                            "yes",
                            "--cluster-node-timeout",
                            "2000"),
                    data,
                    data.resolve("redis.log"));
            await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> Loopback.ask(port, "PING\r\n", PING_TIMEOUT).startsWith("+PONG"));
            return started;
        } catch (IOException e) {
            throw new StartFailedException("redis-server did not start in " + directory, e);
        }
    }

    private int freePort() {
        int port = LocalPort.choose(0, "redis");
        while (ports.contains(port) || !LocalPort.isFree(port + BUS_PORT_OFFSET)) {
            port = LocalPort.choose(0, "redis");
        }
        return port;
    }

    private <T> T on(int server, Function<RedisCommands<String, String>, T> use) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + ports.get(server));
        try (var connection = client.connect()) {
            return use.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(STOP_TIMEOUT));
    }
}
