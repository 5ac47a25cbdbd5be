package dev.tidings.ops.connect;

import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.clickhouse.ClickHouseSinkConfig;
import dev.tidings.connectors.clickhouse.ClickHouseSinkConnector;
import dev.tidings.connectors.push.PushSinkConfig;
import dev.tidings.connectors.push.PushSinkConnector;
import dev.tidings.connectors.redis.RedisSinkConfig;
import dev.tidings.connectors.redis.RedisSinkConnector;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connectors and their configuration, which is valid in any Connect cluster, too. */
final class Connectors {

    static final String CLICKHOUSE = "tidings-clickhouse";
    static final String REDIS = "tidings-redis";
    static final String PUSH = "tidings-push";

    private Connectors() {}

    /** Returns the configuration of each connector by name. */
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
                        Topics.USER_EVENTS.name(),
                        Topics.MODERATION.name(),
                        Topics.NOTIFICATIONS.name(),
                        Topics.PUSH_OUTCOMES.name(),
                        Topics.DIRECTORY.name(),
                        Topics.AUDIT.name(),
                        Topics.LEGAL_HOLDS.name()));
        properties.put(ClickHouseSinkConfig.URL, config.clickHouseUrl());
        properties.put(ClickHouseSinkConfig.USER, config.clickHouseUser());
        properties.put(ClickHouseSinkConfig.PASSWORD, config.clickHousePassword());
        properties.put(ClickHouseSinkConfig.CLUSTER, config.clickHouseCluster().name());
        for (RetentionClass retained : RetentionClass.values()) {
            properties.put(
                    ClickHouseSinkConfig.retentionDays(retained),
                    Integer.toString(config.retention().days(retained)));
        }
        ArchiveConfig archive = config.archive();
        if (archive != null) {
            properties.put(ClickHouseSinkConfig.ARCHIVE_URL, archive.url());
            properties.put(ClickHouseSinkConfig.ARCHIVE_ACCESS_KEY, archive.accessKey());
            properties.put(ClickHouseSinkConfig.ARCHIVE_SECRET_KEY, archive.secretKey());
            properties.put(ClickHouseSinkConfig.ARCHIVE_AFTER_MONTHS, Integer.toString(archive.afterMonths()));
        }
        // few large inserts instead of many small ones: wait for a megabyte, or a quarter of a second
        properties.put("consumer.override.fetch.min.bytes", Integer.toString(1024 * 1024));
        return properties;
    }

    private static Map<String, String> redis(ConnectorsConfig config) {
        Map<String, String> properties = common(REDIS, config);
        properties.put("connector.class", RedisSinkConnector.class.getName());
        properties.put(
                "topics",
                String.join(
                        ",",
                        Topics.CONVERSATION_EVENTS.name(),
                        Topics.USER_EVENTS.name(),
                        Topics.NOTIFICATIONS.name(),
                        Topics.DIRECTORY.name()));
        properties.put(RedisSinkConfig.URL, config.redisUrl());
        properties.put(RedisSinkConfig.RECENT_EVENTS, Integer.toString(config.redisRecentEvents()));
        properties.put(
                RedisSinkConfig.TTL_MS,
                Long.toString(Duration.ofDays(config.redisKeepDays()).toMillis()));
        // clients read Redis first, and small writes are cheap there: do not wait
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
        // users wait for it; and one poll may exceed the bound of waiting notifications, so it is small
        properties.put("consumer.override.fetch.min.bytes", "1");
        properties.put("consumer.override.max.poll.records", "500");
        return properties;
    }

    /**
     * Returns the settings of all connectors. {@code errors.tolerance=all} affects only records that a task reports as poison: they
     * become dead letters instead of stopping the task. A task throws failures to write, which are never tolerated; and the
     * conversion from bytes to bytes cannot fail.
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
