package dev.tidings.connectors.redis;

import dev.tidings.schemas.readmodel.RedisUrl;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The client of the Redis that a URL names: one server, servers under Sentinel, or a Redis Cluster (see {@link RedisUrl}). A command
 * that finds no connection fails at once; in a cluster, whose client connects to a server at its first command, after the time-out.
 * Thread-safe.
 */
public final class RedisServers implements AutoCloseable {

    private static final int MIN_THREADS = 2;
    private static final Duration STOP_TIMEOUT = Duration.ofMillis(300);

    /** The owners of slots are read again this often, and after a redirection or a lost connection. */
    private static final Duration REFRESH_PERIOD = Duration.ofMinutes(1);

    private final ClientResources threads = DefaultClientResources.builder()
            .ioThreadPoolSize(MIN_THREADS)
            .computationThreadPoolSize(MIN_THREADS)
            .build();
    private final AbstractRedisClient client;

    private RedisServers(String url, Duration timeout) {
        RedisUrl parsed = RedisUrl.of(url);
        this.client = parsed.isCluster() ? cluster(nodes(parsed), timeout) : server(RedisURI.create(url), timeout);
    }

    /**
     * Creates a client without connections.
     *
     * @param timeout of each command
     * @throws IllegalArgumentException if the URL cannot be parsed
     */
    public static RedisServers of(String url, Duration timeout) {
        return new RedisServers(url, timeout);
    }

    /** @throws IllegalArgumentException if the URL cannot be parsed */
    public static void checkUrl(String url) {
        RedisUrl parsed = RedisUrl.of(url);
        if (parsed.isCluster()) {
            nodes(parsed);
        } else {
            RedisURI.create(url);
        }
    }

    private static List<RedisURI> nodes(RedisUrl url) {
        return RedisClusterURIUtil.toRedisURIs(URI.create(url.nodes()));
    }

    private AbstractRedisClient server(RedisURI url, Duration timeout) {
        url.setTimeout(timeout);
        RedisClient created = RedisClient.create(threads, url);
        created.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        return created;
    }

    private AbstractRedisClient cluster(List<RedisURI> nodes, Duration timeout) {
        nodes.forEach(node -> node.setTimeout(timeout));
        RedisClusterClient created = RedisClusterClient.create(threads, nodes);
        created.setOptions(ClusterClientOptions.builder()
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enableAllAdaptiveRefreshTriggers()
                        .enablePeriodicRefresh(REFRESH_PERIOD)
                        .build())
                .build());
        return created;
    }

    /** @throws io.lettuce.core.RedisException if no server answers */
    public <K, V> RedisConnection<K, V> connect(RedisCodec<K, V> codec) {
        return switch (client) {
            case RedisClusterClient cluster -> RedisConnection.of(cluster.connect(codec));
            case RedisClient server -> RedisConnection.of(server.connect(codec));
            default -> throw new IllegalStateException("no client of Redis: " + client);
        };
    }

    /** Ends all connections. */
    @Override
    public void close() {
        client.shutdown(Duration.ZERO, STOP_TIMEOUT);
        threads.shutdown(0, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
