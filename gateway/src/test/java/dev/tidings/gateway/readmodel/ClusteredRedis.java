package dev.tidings.gateway.readmodel;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A real redis-server on a free port that is a Redis Cluster by itself. It rejects a command or script whose keys have different slots,
 * as every cluster does.
 */
public final class ClusteredRedis implements AutoCloseable {

    private static final int SLOTS = 16_384;
    /** A server of a cluster listens on its port plus this, too. */
    private static final int BUS_PORT_OFFSET = 10_000;

    private static final int MAX_PORT = 65_535;

    private final Process process;
    private final int port;

    private ClusteredRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static ClusteredRedis start(Path directory) throws IOException {
        int port = freePort();
        Process process = new ProcessBuilder(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        directory.toString(),
                        "--cluster-enabled",
                        "yes")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        ClusteredRedis started = new ClusteredRedis(process, port);
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
        try {
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> addSlots(client));
            await().atMost(Duration.ofMinutes(1)).until(() -> isReady(client));
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
        return started;
    }

    /** Returns a reader that has connected, which can take longer than a read may. */
    public RedisReader reader() {
        RedisReader reader = new RedisReader(url());
        await().atMost(Duration.ofMinutes(1))
                .ignoreException(ReadModelUnavailableException.class)
                .until(() -> "PONG".equals(reader.call(commands -> commands.ping())));
        return reader;
    }

    private static boolean addSlots(RedisClient client) {
        try (var connection = client.connect()) {
            connection.sync().clusterAddSlots(IntStream.range(0, SLOTS).toArray());
            return true;
        }
    }

    private static boolean isReady(RedisClient client) {
        try (var connection = client.connect()) {
            return connection.sync().clusterInfo().contains("cluster_state:ok");
        }
    }

    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0)) {
                if (socket.getLocalPort() + BUS_PORT_OFFSET <= MAX_PORT) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    public String url() {
        return "redis-cluster://127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
