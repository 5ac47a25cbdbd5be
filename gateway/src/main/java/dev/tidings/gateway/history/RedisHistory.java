package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The newest events of each conversation, and which of them change messages, as the Redis sink keeps them. Connects when first asked, and again if cut off. */
final class RedisHistory implements HistoryLayer, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final String CHANGES_SCRIPT = resource("recent-changes.lua");

    private final RedisClient client;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    RedisHistory(String url) {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(TIMEOUT);
        this.client = RedisClient.create(uri);
    }

    @Override
    public long headSeq(String conversationId) {
        List<ScoredValue<byte[]>> newest = connection().sync().zrevrangeWithScores(key(conversationId), 0, 0);
        return newest.isEmpty() ? 0 : (long) newest.getFirst().getScore();
    }

    @Override
    public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq) {
        return parse(
                conversationId,
                connection().sync().zrangebyscore(key(conversationId), Range.create((double) fromSeq, (double) toSeq)));
    }

    @Override
    public KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs) {
        byte[][] keys = {key(conversationId), utf8(RedisKeys.changes(conversationId))};
        byte[][] arguments = Stream.concat(
                        Stream.of(Long.toString(sinceSeq), RedisKeys.CHANGES_MARK),
                        messageSeqs.stream().map(String::valueOf))
                .map(RedisHistory::utf8)
                .toArray(byte[][]::new);
        List<Object> answer = connection().sync().eval(CHANGES_SCRIPT, ScriptOutputType.MULTI, keys, arguments);
        List<byte[]> changes =
                answer.stream().skip(1).map(change -> (byte[]) change).toList();
        return new KnownChanges(
                parse(conversationId, changes), answer.getFirst().equals(1L));
    }

    private static List<ConversationEvent> parse(String conversationId, List<byte[]> stored) {
        List<ConversationEvent> events = new ArrayList<>();
        for (byte[] bytes : stored) {
            try {
                events.add(ConversationEvent.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("Redis holds what is no event for " + conversationId, e);
            }
        }
        return events;
    }

    private synchronized StatefulRedisConnection<byte[], byte[]> connection() {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current == null) {
            current = client.connect(ByteArrayCodec.INSTANCE);
            connection = current;
        }
        return current;
    }

    private static byte[] key(String conversationId) {
        return utf8(RedisKeys.recentEvents(conversationId));
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
