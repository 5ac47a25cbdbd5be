package dev.tidings.ops.connect;

import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.schemas.tracing.Tracing;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;

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
 * @param pushWebhookUrl {@code connectors.push.webhook-url}: receives notifications of channel webhook; empty: none
 * @param pushWebhookSecret {@code connectors.push.webhook-secret}: signs them; required with a URL
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
        String pushWebhookUrl,
        String pushWebhookSecret,
        int tasks) {

    private static final Set<String> HTTP = Set.of("http", "https");

    public ConnectorsConfig {
        kafkaClient = Map.copyOf(kafkaClient);
        requireUrl("redis.url", redisUrl, Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel"));
        requireUrl("clickhouse.url", clickHouseUrl, HTTP);
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
                settings.text("connectors.push.webhook-url", ""),
                settings.text("connectors.push.webhook-secret", ""),
                settings.integer("connectors.tasks", 1, 1, 1_000));
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
