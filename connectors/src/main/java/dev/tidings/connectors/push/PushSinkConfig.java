package dev.tidings.connectors.push;

import dev.tidings.connectors.redis.RedisServers;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Configuration of the push sink: webhook, producer of outcomes, Redis. */
public final class PushSinkConfig extends AbstractConfig {

    public static final String WEBHOOK_URL = "push.webhook.url";
    public static final String WEBHOOK_SECRET = "push.webhook.secret";
    public static final String WEBHOOK_TIMEOUT_MS = "push.webhook.timeout.ms";
    public static final String REDIS_URL = "push.redis.url";
    /** Prefix of properties for the producer of outcomes. */
    public static final String OUTCOMES_PRODUCER = "push.outcomes.producer.";

    private static final String OUTCOMES_BOOTSTRAP_SERVERS = OUTCOMES_PRODUCER + "bootstrap.servers";

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    WEBHOOK_URL,
                    Type.PASSWORD,
                    "",
                    ConfigDef.LambdaValidator.with(PushSinkConfig::checkUrl, () -> "empty, or http(s)://host/path"),
                    Importance.HIGH,
                    "Where notifications of channel webhook are sent; empty: they fail. Hidden in logs, since it may hold"
                            + " a secret")
            .define(
                    WEBHOOK_SECRET,
                    Type.PASSWORD,
                    "",
                    Importance.HIGH,
                    "What requests to the webhook are signed with; required with a URL")
            .define(
                    WEBHOOK_TIMEOUT_MS,
                    Type.INT,
                    5_000,
                    ConfigDef.Range.between(100, 30_000),
                    Importance.LOW,
                    "Milliseconds that one attempt may take, up to the last header of the response, before it counts as failed")
            .define(
                    REDIS_URL,
                    Type.PASSWORD,
                    "",
                    ConfigDef.LambdaValidator.with(PushSinkConfig::checkRedisUrl, () -> "empty, or redis://host:port"),
                    Importance.MEDIUM,
                    "Redis as the Redis sink fills it. What was recalled, read or deleted meanwhile is then not sent, and"
                            + " the newest known badge is sent; empty: every notification is sent as it was made. Hidden"
                            + " in logs, since it may hold a password")
            .define(
                    OUTCOMES_BOOTSTRAP_SERVERS,
                    Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonEmptyString(),
                    Importance.HIGH,
                    "Kafka, for tidings.push-outcomes and tidings.push-retries. More properties of that producer under the"
                            + " same prefix");

    /** @throws ConfigException naming the key that is wrong */
    public PushSinkConfig(Map<String, String> values) {
        super(DEFINITION, values, false);
        if (webhookUrl() != null && webhookSecret().isEmpty()) {
            throw new ConfigException(WEBHOOK_SECRET, "", "must be set where " + WEBHOOK_URL + " is");
        }
    }

    /** Null: there is none. */
    public @Nullable URI webhookUrl() {
        String url = getPassword(WEBHOOK_URL).value();
        return url.isEmpty() ? null : URI.create(url);
    }

    public String webhookSecret() {
        return getPassword(WEBHOOK_SECRET).value();
    }

    public Duration webhookTimeout() {
        return Duration.ofMillis(getInt(WEBHOOK_TIMEOUT_MS));
    }

    /** Null: there is none. */
    public @Nullable String redisUrl() {
        String url = getPassword(REDIS_URL).value();
        return url.isEmpty() ? null : url;
    }

    public Map<String, Object> outcomesProducer() {
        return originalsWithPrefix(OUTCOMES_PRODUCER);
    }

    private static void checkRedisUrl(String name, Object value) {
        String text = ((Password) value).value();
        try {
            if (!text.isEmpty()) {
                RedisServers.checkUrl(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "must be a URL such as redis://host:port");
        }
    }

    private static void checkUrl(String name, Object value) {
        String text = ((Password) value).value();
        if (text.isEmpty()) {
            return;
        }
        try {
            URI url = URI.create(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new ConfigException(name, value, "must be an http or https URL with a host");
    }
}
