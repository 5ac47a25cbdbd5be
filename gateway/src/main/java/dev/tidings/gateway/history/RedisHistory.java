package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest events of each conversation, as the Redis sink keeps them. Connects when first asked, and again if cut off. */
final class RedisHistory implements HistoryLayer, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

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
        List<ConversationEvent> events = new ArrayList<>();
        for (byte[] bytes : connection()
                .sync()
                .zrangebyscore(key(conversationId), Range.create((double) fromSeq, (double) toSeq))) {
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
        return RedisKeys.recentEvents(conversationId).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
