package dev.tidings.gateway.readmodel;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Redis. Connects at the first call and again after a disconnect. A call, connecting included, takes at most {@link
 * #TIMEOUT}: ClickHouse can answer everything that Redis can. Thread-safe.
 */
public final class RedisReader implements AutoCloseable {

    public static final Duration TIMEOUT = Duration.ofMillis(400);

    private final RedisURI uri;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection;

    public RedisReader(String url) {
        this.uri = RedisURI.create(url);
        uri.setTimeout(TIMEOUT);
        this.client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
    }

    /**
     * Runs a query and returns its result.
     *
     * @throws ReadModelUnavailableException if Redis does not answer in time
     */
    public <T> T call(Function<RedisCommands<byte[], byte[]>, T> query) {
        try {
            return query.apply(connected().sync());
        } catch (RedisCommandExecutionException e) {
            throw e; // Redis has answered and rejected the query
        } catch (RedisException e) {
            throw new ReadModelUnavailableException("Redis does not answer", e);
        }
    }

    private StatefulRedisConnection<byte[], byte[]> connected() {
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
    private synchronized CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection() {
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> current = connection;
        if (current == null || current.isCompletedExceptionally()) {
            current = client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
            connection = current;
        }
        return current;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
