package dev.tidings.ops.verify;

import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Reads the recent events of conversations from Redis. */
final class RedisCopy implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> connection;

    /** Connects. */
    RedisCopy(String url) {
        this.client = RedisClient.create(url);
        this.connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    /** Returns the hashes of the recent events by seq, by conversation. A conversation that Redis does not have is left out. */
    Map<String, NavigableMap<Long, Long>> recentEvents(List<String> conversationIds) {
        Map<String, RedisFuture<List<ScoredValue<byte[]>>>> answers = new LinkedHashMap<>();
        for (String id : conversationIds) {
            answers.put(id, connection.async().zrangeWithScores(RedisKeys.recentEvents(id), 0, -1));
        }
        Map<String, NavigableMap<Long, Long>> recent = new HashMap<>();
        answers.forEach((id, answer) -> {
            NavigableMap<Long, Long> hashes = new TreeMap<>();
            answer.toCompletableFuture()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join()
                    .forEach(entry -> hashes.put((long) entry.getScore(), EventHash.of(entry.getValue())));
            if (!hashes.isEmpty()) {
                recent.put(id, hashes);
            }
        });
        return recent;
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
