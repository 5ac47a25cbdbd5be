package dev.tidings.ops.connect;

import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.RedisUrl;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.schemas.tracing.Tracing;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the connectors.
 *
 * @param bootstrapServers {@code kafka.bootstrap-servers}
 * @param kafkaClient properties of every Kafka client, from {@code kafka.client.*}
 * @param replicationFactor {@code topics.replication-factor}, of the dead-letter topic, if the sinks create it
 * @param redisUrl {@code redis.url}
 * @param redisRecentEvents {@code connectors.redis.recent-events}: newest events kept for each conversation; default 200
 * @param redisKeepDays {@code connectors.redis.keep-days}: days after which an unchanged conversation leaves Redis; default 30
 * @param clickHouseUrl {@code clickhouse.url}: the HTTP interface
 * @param clickHouseUser {@code clickhouse.user}; default {@code default}
 * @param clickHousePassword {@code clickhouse.password}; default empty
 * @param clickHouseCluster {@code clickhouse.cluster}; default none: one server
 * @param pushWebhookUrl {@code connectors.push.webhook-url}: receives notifications of channel webhook; empty: none
 * @param pushWebhookSecret {@code connectors.push.webhook-secret}: signs them; required with a URL
 * @param retention {@code retention.*-days}: the days after which data is deleted; default 0, for ever
 * @param archive {@code archive.*}: object storage for old months of events; null: there is none
 * @param tasks {@code connectors.tasks}: tasks of each connector in this process; default 1
 */
public record ConnectorsConfig(
        String bootstrapServers,
        Map<String, String> kafkaClient,
        short replicationFactor,
        String redisUrl,
        int redisRecentEvents,
        int redisKeepDays,
        String clickHouseUrl,
        String clickHouseUser,
        String clickHousePassword,
        ClickHouseCluster clickHouseCluster,
        String pushWebhookUrl,
        String pushWebhookSecret,
        RetentionPolicy retention,
        @Nullable ArchiveConfig archive,
        int tasks) {

    private static final Set<String> HTTP = Set.of("http", "https");

    public ConnectorsConfig {
        kafkaClient = Map.copyOf(kafkaClient);
        requireUrl("redis.url", redisUrl, RedisUrl.schemes());
        requireUrl("clickhouse.url", clickHouseUrl, HTTP);
        if (archive != null && !clickHouseCluster.isNone()) {
            throw new SettingsException(
                    "archive.s3-url must be empty with clickhouse.cluster: there is no archive of a cluster");
        }
        RetentionClass tooEarly = archive == null ? null : archive.deletedTooEarly(retention);
        if (archive != null && tooEarly != null) {
            throw new SettingsException("retention." + tooEarly.label() + "-days is " + retention.days(tooEarly)
                    + "; 0 or at least " + archive.minRetentionDays() + " is allowed with archive.after-months "
                    + archive.afterMonths() + ", because older messages would be deleted before they are archived");
        }
        if (!pushWebhookUrl.isEmpty()) {
            requireUrl("connectors.push.webhook-url", pushWebhookUrl, HTTP);
            if (pushWebhookSecret.isEmpty()) {
                throw new SettingsException(
                        "connectors.push.webhook-secret must be set if connectors.push.webhook-url is set");
            }
        }
    }

    /**
     * Reads the keys named above.
     *
     * @throws SettingsException if a key is missing or wrong; names it
     */
    public static ConnectorsConfig from(Settings settings) {
        return new ConnectorsConfig(
                settings.required("kafka.bootstrap-servers"),
                Tracing.clientProperties(settings, "tidings-connectors"),
                TopicLayout.from(settings).replicationFactor(),
                settings.required("redis.url"),
                settings.integer("connectors.redis.recent-events", 200, 1, 100_000),
                settings.integer("connectors.redis.keep-days", 30, 1, 3_650),
                settings.required("clickhouse.url"),
                settings.text("clickhouse.user", "default"),
                settings.text("clickhouse.password", ""),
                ClickHouseCluster.from(settings),
                settings.text("connectors.push.webhook-url", ""),
                settings.text("connectors.push.webhook-secret", ""),
                retention(settings),
                archive(settings),
                settings.integer("connectors.tasks", 1, 1, 1_000));
    }

    private static @Nullable ArchiveConfig archive(Settings settings) {
        String url = settings.text("archive.s3-url", "");
        String accessKey = settings.text("archive.s3-access-key", "");
        String secretKey = settings.text("archive.s3-secret-key", "");
        int afterMonths =
                settings.integer("archive.after-months", ArchiveConfig.DEFAULT_MONTHS, 1, ArchiveConfig.MAX_MONTHS);
        if (url.isEmpty()) {
            return null;
        }
        if (!accessKey.isEmpty() && secretKey.isEmpty()) {
            throw new SettingsException("archive.s3-secret-key must be set if archive.s3-access-key is set");
        }
        try {
            return new ArchiveConfig(url, accessKey, secretKey, afterMonths);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("archive.s3-url " + e.getMessage());
        }
    }

    private static RetentionPolicy retention(Settings settings) {
        int max = RetentionPolicy.MAX_DAYS;
        return RetentionPolicy.of(retained -> switch (retained) {
            case PRIVATE -> settings.integer("retention.private-days", 0, 0, max);
            case GROUP -> settings.integer("retention.group-days", 0, 0, max);
            case ROOM -> settings.integer("retention.room-days", 0, 0, max);
            case SYSTEM -> settings.integer("retention.system-days", 0, 0, max);
            case BROADCAST -> settings.integer("retention.broadcast-days", 0, 0, max);
            case RECEIPTS -> settings.integer("retention.receipts-days", 0, 0, max);
            case SESSIONS -> settings.integer("retention.sessions-days", 0, 0, max);
            case PRESENCE -> settings.integer("retention.presence-days", 0, 0, max);
            case NOTIFICATIONS -> settings.integer("retention.notifications-days", 0, 0, max);
            case AUDIT -> settings.integer("retention.audit-days", 0, 0, max);
        });
    }

    /** Omits secrets. */
    @Override
    public String toString() {
        return "ConnectorsConfig[bootstrapServers=" + bootstrapServers + ", redisRecentEvents=" + redisRecentEvents
                + ", clickHouseUrl=" + clickHouseUrl + ", clickHouseUser=" + clickHouseUser + ", tasks=" + tasks + ']';
    }

    private static void requireUrl(String key, String url, Set<String> schemes) {
        try {
            String scheme = new URI(url).getScheme();
            if (scheme != null && schemes.contains(scheme) && url.startsWith(scheme + "://")) {
                return;
            }
        } catch (URISyntaxException e) {
            // reported below, without the value: a URL may contain a password
        }
        throw new SettingsException(key + " must be a URL that begins with one of "
                + schemes.stream().sorted().map(scheme -> scheme + "://").toList());
    }
}
