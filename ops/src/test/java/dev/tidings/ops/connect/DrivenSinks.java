package dev.tidings.ops.connect;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import com.google.protobuf.MessageLite;
import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.clickhouse.ClickHouseSinkTask;
import dev.tidings.connectors.redis.RedisSinkTask;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.v1.LegalHold;
import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;

/** Gives batches to both sinks, which write to a real ClickHouse and Redis, and reads them by the history of the gateway. */
final class DrivenSinks implements AutoCloseable {

    static final int RECENT_EVENTS = 10;

    private final EmbeddedClickHouse clickHouse;
    private final EmbeddedRedis redis;
    private final Client clickHouseClient;
    private final RedisClient redisClient;
    private final ReadModels readModels;
    private final UnwatchedContext context = new UnwatchedContext();
    private ClickHouseSinkTask clickHouseSink = new ClickHouseSinkTask();
    private final RedisSinkTask redisSink = new RedisSinkTask();
    private long nextHoldOffset;

    private DrivenSinks(EmbeddedClickHouse clickHouse, EmbeddedRedis redis, Map<String, String> clickHouseProperties) {
        this.clickHouse = clickHouse;
        this.redis = redis;
        this.clickHouseClient = new Client.Builder()
                .addEndpoint(clickHouse.url())
                .setUsername(clickHouse.user())
                .setPassword(clickHouse.password())
                .build();
        this.redisClient = RedisClient.create(redis.url());
        this.readModels = new ReadModels(new ReadModelConfig(
                redis.url(), clickHouse.url(), clickHouse.user(), clickHouse.password(), ClickHouseCluster.NONE));
        startClickHouseSink(clickHouseProperties);
        redisSink.initialize(context);
        redisSink.start(Map.of("redis.url", redis.url(), "redis.recent.events", Integer.toString(RECENT_EVENTS)));
    }

    static DrivenSinks start(Path directory) {
        return start(directory, Map.of());
    }

    /** @param clickHouseProperties of the ClickHouse sink, besides those of its server */
    static DrivenSinks start(Path directory, Map<String, String> clickHouseProperties) {
        return new DrivenSinks(
                EmbeddedClickHouse.start(directory.resolve("clickhouse"), 0, progress -> {}),
                EmbeddedRedis.start(directory.resolve("redis"), 0),
                clickHouseProperties);
    }

    /** Stops the ClickHouse sink and starts it with these properties besides those of its server. */
    void restartClickHouseSink(Map<String, String> properties) {
        clickHouseSink.stop();
        startClickHouseSink(properties);
    }

    private void startClickHouseSink(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("clickhouse.url", clickHouse.url());
        all.put("clickhouse.user", clickHouse.user());
        all.put("clickhouse.password", clickHouse.password());
        clickHouseSink = new ClickHouseSinkTask();
        clickHouseSink.initialize(context);
        clickHouseSink.start(all);
    }

    History history() {
        return new HistoryStores(readModels).history(System::currentTimeMillis);
    }

    /** Gives both sinks events in one batch. */
    void put(List<? extends MessageLite> events) {
        putIntoClickHouse(events);
        putIntoRedis(events);
    }

    void putIntoRedis(List<? extends MessageLite> events) {
        redisSink.put(records(Topics.CONVERSATION_EVENTS.name(), events));
    }

    void putIntoClickHouse(List<? extends MessageLite> events) {
        clickHouseSink.put(records(Topics.CONVERSATION_EVENTS.name(), events));
    }

    void putUserEvents(List<? extends MessageLite> events) {
        clickHouseSink.put(records(Topics.USER_EVENTS.name(), events));
    }

    void putCases(List<? extends MessageLite> cases) {
        clickHouseSink.put(records(Topics.MODERATION.name(), cases));
    }

    /** Gives the ClickHouse sink the partition whose task records what the retention deletes. */
    void startHousekeeping() {
        clickHouseSink.open(List.of(new TopicPartition(Topics.CONVERSATION_EVENTS.name(), 0)));
    }

    /** Sets or removes a legal hold, after all others. */
    void putHold(String subject, boolean held) {
        putHold(subject, held, nextHoldOffset++, System.currentTimeMillis());
    }

    /** Gives the sink the record of a legal hold that is set or removed. */
    void putHold(String subject, boolean held, long offset, long atMillis) {
        clickHouseSink.put(List.of(new SinkRecord(
                Topics.LEGAL_HOLDS.name(),
                0,
                null,
                subject.getBytes(StandardCharsets.UTF_8),
                null,
                held ? LegalHold.getDefaultInstance().toByteArray() : null,
                offset,
                atMillis,
                TimestampType.CREATE_TIME)));
    }

    void loseInRedis(String key) {
        try (var connection = redisClient.connect()) {
            connection.sync().del(key);
        }
    }

    /** Returns the records that a sink has reported as poison. */
    List<SinkRecord> reported() {
        return context.reported;
    }

    /** Returns the rows of a query with one column. */
    List<String> column(String sql) {
        return query(sql).stream().map(row -> row.getString(1)).toList();
    }

    List<GenericRecord> query(String sql) {
        return clickHouseClient.queryAll(sql);
    }

    /** Returns a client with the rights of the analyst. */
    Client analyst() {
        return new Client.Builder()
                .addEndpoint(clickHouse.url())
                .setUsername(clickHouse.analyst())
                .setPassword(clickHouse.analystPassword())
                .build();
    }

    /** Returns a connection with the rights of the analyst, as tools such as DBeaver open it. */
    Connection analystJdbc() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:clickhouse:" + clickHouse.url() + "/tidings", clickHouse.analyst(), clickHouse.analystPassword());
    }

    ArchiveClient archiveClient() {
        return new ArchiveClient(clickHouse.url(), clickHouse.user(), clickHouse.password(), ClickHouseCluster.NONE);
    }

    void execute(String sql) throws Exception {
        clickHouseClient.execute(sql).get().close();
    }

    @Override
    public void close() {
        redisSink.stop();
        clickHouseSink.stop();
        readModels.close();
        redisClient.shutdown();
        clickHouseClient.close();
        redis.close();
        clickHouse.close();
    }

    private static List<SinkRecord> records(String topic, List<? extends MessageLite> events) {
        return events.stream()
                .map(event -> new SinkRecord(topic, 0, null, null, null, event.toByteArray(), 0))
                .toList();
    }
}
