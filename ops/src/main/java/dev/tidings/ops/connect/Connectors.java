package dev.tidings.ops.connect;

import dev.tidings.connectors.clickhouse.ClickHouseSinkConfig;
import dev.tidings.connectors.clickhouse.ClickHouseSinkConnector;
import dev.tidings.connectors.push.PushSinkConfig;
import dev.tidings.connectors.push.PushSinkConnector;
import dev.tidings.connectors.redis.RedisSinkConfig;
import dev.tidings.connectors.redis.RedisSinkConnector;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connectors that run, by their names, with the configuration they would have in any Connect cluster. */
final class Connectors {

    static final String CLICKHOUSE = "tidings-clickhouse";
    static final String REDIS = "tidings-redis";
    static final String PUSH = "tidings-push";

    private Connectors() {}

    static Map<String, Map<String, String>> of(ConnectorsConfig config) {
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
        connectors.put(REDIS, redis(config));
        connectors.put(CLICKHOUSE, clickHouse(config));
        connectors.put(PUSH, push(config));
        return connectors;
    }

    private static Map<String, String> clickHouse(ConnectorsConfig config) {
        Map<String, String> properties = common(CLICKHOUSE, config);
        properties.put("connector.class", ClickHouseSinkConnector.class.getName());
        properties.put(
                "topics",
                String.join(
                        ",",
                        Topics.CONVERSATION_EVENTS.name(),
                        Topics.MODERATION.name(),
                        Topics.NOTIFICATIONS.name(),
                        Topics.PUSH_OUTCOMES.name()));
        properties.put(ClickHouseSinkConfig.URL, config.clickHouseUrl());
        properties.put(ClickHouseSinkConfig.USER, config.clickHouseUser());
        properties.put(ClickHouseSinkConfig.PASSWORD, config.clickHousePassword());
        // Few large inserts rather than many small ones: wait for a megabyte, or a quarter of a second.
        properties.put("consumer.override.fetch.min.bytes", Integer.toString(1024 * 1024));
        return properties;
    }

    private static Map<String, String> redis(ConnectorsConfig config) {
        Map<String, String> properties = common(REDIS, config);
        properties.put("connector.class", RedisSinkConnector.class.getName());
        properties.put("topics", Topics.CONVERSATION_EVENTS.name() + ',' + Topics.USER_EVENTS.name());
        properties.put(RedisSinkConfig.URL, config.redisUrl());
        properties.put(RedisSinkConfig.RECENT_EVENTS, Integer.toString(config.redisRecentEvents()));
        properties.put(
                RedisSinkConfig.TTL_MS,
                Long.toString(Duration.ofDays(config.redisKeepDays()).toMillis()));
        // Clients look here first, and small writes cost Redis little: take what there is.
        properties.put("consumer.override.fetch.min.bytes", "1");
        return properties;
    }

    private static Map<String, String> push(ConnectorsConfig config) {
        Map<String, String> properties = common(PUSH, config);
        properties.put("connector.class", PushSinkConnector.class.getName());
        properties.put("topics", Topics.NOTIFICATIONS.name() + ',' + Topics.PUSH_RETRIES.name());
        properties.put(PushSinkConfig.REDIS_URL, config.redisUrl());
        properties.put(PushSinkConfig.WEBHOOK_URL, config.pushWebhookUrl());
        properties.put(PushSinkConfig.WEBHOOK_SECRET, config.pushWebhookSecret());
        config.kafkaClient().forEach((key, value) -> properties.put(PushSinkConfig.OUTCOMES_PRODUCER + key, value));
        properties.put(PushSinkConfig.OUTCOMES_PRODUCER + "bootstrap.servers", config.bootstrapServers());
        // A user waits for it. And one poll may go beyond the bound of what waits in memory, so it brings little.
        properties.put("consumer.override.fetch.min.bytes", "1");
        properties.put("consumer.override.max.poll.records", "500");
        return properties;
    }

    /**
     * {@code errors.tolerance=all} only concerns records that a task reports as poison: they go to the dead letters with
     * their bytes, instead of stopping the task for ever. A failure to write is thrown by the task and is never
     * tolerated, whatever is set here; and bytes to bytes is a conversion that cannot fail.
     */
    private static Map<String, String> common(String name, ConnectorsConfig config) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("name", name);
        properties.put("tasks.max", Integer.toString(config.tasks()));
        properties.put("errors.tolerance", "all");
        properties.put("errors.deadletterqueue.topic.name", Topics.DEAD_LETTERS.name());
        properties.put("errors.deadletterqueue.topic.replication.factor", Short.toString(config.replicationFactor()));
        properties.put("errors.deadletterqueue.context.headers.enable", "true");
        return properties;
    }
}
