package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest events and changes of each conversation from the keys of the Redis sink. Connects at the first call and
 * again after a disconnect. A call, connecting included, takes at most {@link #TIMEOUT}: ClickHouse can answer everything that
 * Redis can.
 */
final class RedisHistory implements HistoryLayer, AutoCloseable {

    static final Duration TIMEOUT = Duration.ofMillis(400);

    private static final String EVENTS_SCRIPT = resource("recent-events.lua");
    private static final String CHANGES_SCRIPT = resource("recent-changes.lua");

    private final RedisURI uri;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection;

    RedisHistory(String url) {
        this.uri = RedisURI.create(url);
        uri.setTimeout(TIMEOUT);
        this.client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build());
    }

    @Override
    public long headSeq(String conversationId) {
        List<ScoredValue<byte[]>> newest = call(redis -> redis.zrevrangeWithScores(key(conversationId), 0, 0));
        return newest.isEmpty() ? 0 : (long) newest.getFirst().getScore();
    }

    @Override
    public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq, long maxBytes) {
        byte[][] keys = {key(conversationId)};
        byte[][] arguments = {number(fromSeq), number(toSeq), number(maxBytes)};
        List<byte[]> newestFirst = call(redis -> redis.eval(EVENTS_SCRIPT, ScriptOutputType.MULTI, keys, arguments));
        return parse(conversationId, newestFirst.reversed());
    }

    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        byte[][] keys = {key(conversationId), utf8(RedisKeys.changes(conversationId))};
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(utf8(RedisKeys.CHANGES_MARK));
        messageSeqs.forEach(seq -> arguments.add(number(seq)));
        List<Object> answer = call(
                redis -> redis.eval(CHANGES_SCRIPT, ScriptOutputType.MULTI, keys, arguments.toArray(byte[][]::new)));
        long fromSeq = (long) answer.getFirst();
        List<byte[]> changes =
                answer.stream().skip(2).map(change -> (byte[]) change).toList();
        return new KnownChanges(
                parse(conversationId, changes), fromSeq == 0 ? Long.MAX_VALUE : fromSeq, (long) answer.get(1));
    }

    private static List<ConversationEvent> parse(String conversationId, List<byte[]> stored) {
        List<ConversationEvent> events = new ArrayList<>();
        for (byte[] bytes : stored) {
            try {
                events.add(ConversationEvent.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(
                        "Redis returned an event of " + conversationId + " that cannot be parsed", e);
            }
        }
        return events;
    }

    private <T> T call(Function<RedisCommands<byte[], byte[]>, T> query) {
        try {
            return query.apply(connected().sync());
        } catch (RedisCommandExecutionException e) {
            throw e; // Redis has answered and rejected the query
        } catch (RedisException e) {
            throw new HistoryUnavailableException("Redis does not answer", e);
        }
    }

    private StatefulRedisConnection<byte[], byte[]> connected() {
        try {
            return connection().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new HistoryUnavailableException("Redis is not reachable", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryUnavailableException("interrupted while connecting to Redis", e);
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

    private static byte[] key(String conversationId) {
        return utf8(RedisKeys.recentEvents(conversationId));
    }

    private static byte[] number(long number) {
        return utf8(Long.toString(number));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = RedisHistory.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the gateway's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
