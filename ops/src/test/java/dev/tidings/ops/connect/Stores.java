package dev.tidings.ops.connect;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A real broker with topics, a real Redis and a real ClickHouse, with queries for tests. */
final class Stores implements AutoCloseable {

    static final int PARTITIONS = 4;

    /** ClickHouse's codes for an unknown table and an unknown database. */
    private static final Set<Integer> NOT_THERE = Set.of(60, 81);

    private final EmbeddedKafka kafka;
    private final Path clickHouseDirectory;
    private final Path redisDirectory;
    private EmbeddedClickHouse clickHouse;
    private Client clickHouseClient;
    private EmbeddedRedis redis;

    private Stores(Path directory) {
        this.clickHouseDirectory = directory.resolve("clickhouse");
        this.redisDirectory = directory.resolve("redis");
        this.kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        this.clickHouse = EmbeddedClickHouse.start(clickHouseDirectory, 0, progress -> {});
        this.clickHouseClient = connect(clickHouse);
        this.redis = EmbeddedRedis.start(redisDirectory, 0);
    }

    static Stores start(Path directory) throws Exception {
        Stores stores = new Stores(directory);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stores.bootstrapServers()))) {
            admin.createTopics(List.of(
                            newTopic(Topics.CONVERSATION_EVENTS, PARTITIONS),
                            newTopic(Topics.USER_EVENTS, PARTITIONS),
                            newTopic(Topics.MODERATION, PARTITIONS),
                            newTopic(Topics.NOTIFICATIONS, PARTITIONS),
                            newTopic(Topics.PUSH_RETRIES, PARTITIONS),
                            newTopic(Topics.PUSH_OUTCOMES, PARTITIONS),
                            newTopic(Topics.DIRECTORY, PARTITIONS),
                            newTopic(Topics.DEAD_LETTERS, 1)))
                    .all()
                    .get();
        }
        return stores;
    }

    /** Returns settings as a configuration file has them. */
    Map<String, String> settings() {
        return Map.of(
                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                "redis.url", redis.url(),
                "clickhouse.url", clickHouse.url(),
                "clickhouse.user", clickHouse.user(),
                "clickhouse.password", clickHouse.password(),
                "connectors.redis.recent-events", "20");
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    List<GenericRecord> query(String sql) {
        return clickHouseClient.queryAll(sql);
    }

    /** Returns the single number that a query answers; -1 while the table does not exist. */
    long number(String sql) {
        try {
            return Long.parseLong(query(sql).getFirst().getString(1));
        } catch (ClickHouseException e) {
            if (e.getCause() instanceof ServerException server && NOT_THERE.contains(server.getCode())) {
                return -1;
            }
            throw e;
        }
    }

    void execute(String sql) throws Exception {
        clickHouseClient.execute(sql).get().close();
    }

    List<byte[]> sortedSet(String key) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, byte[]> connection =
                        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
            return connection.sync().zrange(key, 0, -1);
        }
    }

    void removeFromSortedSet(String key, double score) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().zremrangebyscore(key, Range.create(score, score));
        }
    }

    Map<String, byte[]> hash(String key) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, byte[]> connection =
                        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
            return connection.sync().hgetall(key);
        }
    }

    void stopRedis() {
        redis.close();
    }

    void startRedisWhereItWas() {
        redis = EmbeddedRedis.start(redisDirectory, URI.create(redis.url()).getPort());
    }

    void stopClickHouse() {
        clickHouseClient.close();
        clickHouse.close();
    }

    void startClickHouseWhereItWas() {
        int port = URI.create(clickHouse.url()).getPort();
        clickHouse = EmbeddedClickHouse.start(clickHouseDirectory, port, progress -> {});
        clickHouseClient = connect(clickHouse);
    }

    @Override
    public void close() {
        clickHouseClient.close();
        clickHouse.close();
        redis.close();
        kafka.close();
    }

    private static Client connect(EmbeddedClickHouse clickHouse) {
        return new Client.Builder()
                .addEndpoint(clickHouse.url())
                .setUsername(clickHouse.user())
                .setPassword(clickHouse.password())
                .build();
    }

    private static NewTopic newTopic(Topic<?, ?> topic, int partitions) {
        return new NewTopic(topic.name(), partitions, (short) 1).configs(topic.config());
    }
}
