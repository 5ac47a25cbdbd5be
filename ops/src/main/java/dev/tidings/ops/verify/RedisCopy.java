package dev.tidings.ops.verify;

import dev.tidings.connectors.redis.RedisConnection;
import dev.tidings.connectors.redis.RedisServers;
import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Reads the recent events of conversations from Redis. */
final class RedisCopy implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final RedisServers servers;
    private final RedisConnection<String, byte[]> connection;

    /** Connects. */
    RedisCopy(String url) {
        this.servers = RedisServers.of(url, TIMEOUT);
        this.connection = servers.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
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
                    .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
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
        servers.close();
    }
}
