package dev.tidings.gateway.readmodel;

import dev.tidings.schemas.readmodel.RedisUrl;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Redis: one server, servers under Sentinel, or a Redis Cluster (see {@link RedisUrl}). Connects at the first call and again
 * after a disconnect. A call, connecting included, takes at most {@link #TIMEOUT}: ClickHouse can answer everything that Redis can.
 * Thread-safe.
 */
public final class RedisReader implements AutoCloseable {

    public static final Duration TIMEOUT = Duration.ofMillis(400);

    /** The owners of slots are read again this often, and after a redirection or a lost connection. */
    private static final Duration REFRESH_PERIOD = Duration.ofMinutes(1);

    /** Errors of servers that cannot answer for a while, although they are reachable. */
    private static final List<String> TEMPORARY_ERRORS = List.of("CLUSTERDOWN", "TRYAGAIN", "LOADING", "MASTERDOWN");

    /** The commands of an open connection. */
    private record Commands(
            RedisClusterCommands<byte[], byte[]> sync, RedisClusterAsyncCommands<byte[], byte[]> async) {}

    private final AbstractRedisClient client;
    private final Supplier<CompletableFuture<Commands>> connect;
    private final boolean isCluster;
    private @Nullable CompletableFuture<Commands> connection;

    /** @throws IllegalArgumentException if the URL cannot be parsed */
    public RedisReader(String url) {
        RedisUrl parsed = RedisUrl.of(url);
        this.isCluster = parsed.isCluster();
        if (isCluster) {
            RedisClusterClient cluster = cluster(RedisClusterURIUtil.toRedisURIs(URI.create(parsed.nodes())));
            this.client = cluster;
            this.connect = () -> cluster.refreshPartitionsAsync()
                    .thenCompose(_ -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                    .thenApply(opened -> new Commands(opened.sync(), opened.async()))
                    .toCompletableFuture();
        } else {
            RedisURI uri = RedisURI.create(url);
            RedisClient server = server(uri);
            this.client = server;
            this.connect = () -> server.connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .thenApply(opened -> new Commands(opened.sync(), opened.async()))
                    .toCompletableFuture();
        }
    }

    private static RedisClient server(RedisURI uri) {
        uri.setTimeout(TIMEOUT);
        RedisClient server = RedisClient.create(uri);
        server.setOptions(ClientOptions.builder()
                .socketOptions(socketOptions())
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        return server;
    }

    private static RedisClusterClient cluster(List<RedisURI> nodes) {
        nodes.forEach(node -> node.setTimeout(TIMEOUT));
        RedisClusterClient cluster = RedisClusterClient.create(nodes);
        cluster.setOptions(ClusterClientOptions.builder()
                .socketOptions(socketOptions())
                // no rejection: the client connects to a server at its first command
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enableAllAdaptiveRefreshTriggers()
                        .enablePeriodicRefresh(REFRESH_PERIOD)
                        .build())
                .build());
        return cluster;
    }

    private static SocketOptions socketOptions() {
        return SocketOptions.builder().connectTimeout(TIMEOUT).build();
    }

    /** Whether keys of one call may be on different servers, so that one script must not use them together. */
    public boolean isCluster() {
        return isCluster;
    }

    /**
     * Runs a query and returns its result.
     *
     * @throws ReadModelUnavailableException if Redis does not answer in time
     */
    public <T extends @Nullable Object> T call(Function<RedisClusterCommands<byte[], byte[]>, T> query) {
        return answered(commands -> query.apply(commands.sync()));
    }

    /**
     * Sends all queries, then awaits their results, in the same order.
     *
     * @throws ReadModelUnavailableException if Redis does not answer all of them in time
     */
    public <T extends @Nullable Object> List<T> callAll(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, List<RedisFuture<T>>> queries) {
        return answered(commands -> {
            long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
            List<T> results = new ArrayList<>();
            for (RedisFuture<T> answer : queries.apply(commands.async())) {
                long remainingNanos = Math.max(1, deadlineNanos - System.nanoTime());
                results.add(LettuceFutures.awaitOrCancel(answer, remainingNanos, TimeUnit.NANOSECONDS));
            }
            return results;
        });
    }

    private <T extends @Nullable Object> T answered(Function<Commands, T> query) {
        try {
            return query.apply(connected());
        } catch (RedisCommandExecutionException e) {
            if (TEMPORARY_ERRORS.stream().anyMatch(String.valueOf(e.getMessage())::startsWith)) {
                throw new ReadModelUnavailableException("Redis cannot answer now", e);
            }
            throw e; // Redis has answered and rejected the query
        } catch (RedisException e) {
            throw new ReadModelUnavailableException("Redis does not answer", e);
        }
    }

    private Commands connected() {
        try {
            return connection().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ReadModelUnavailableException("Redis is not reachable", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReadModelUnavailableException("interrupted while connecting to Redis", e);
        }
    }

    /** Concurrent callers share one attempt to connect: one attempt each, in sequence, would take too long. */
    private synchronized CompletableFuture<Commands> connection() {
        CompletableFuture<Commands> current = connection;
        if (current == null || current.isCompletedExceptionally()) {
            current = connect.get();
            connection = current;
        }
        return current;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
