package dev.tidings.connectors.redis;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Configuration of the Redis sink: address, events per conversation, retention. */
public final class RedisSinkConfig extends AbstractConfig {

    public static final String URL = "redis.url";
    public static final String RECENT_EVENTS = "redis.recent.events";
    public static final String TTL_MS = "redis.ttl.ms";
    public static final String TIMEOUT_MS = "redis.timeout.ms";
    public static final String RETRY_BACKOFF_MS = "redis.retry.backoff.ms";

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    URL,
                    Type.PASSWORD,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.LambdaValidator.with(RedisSinkConfig::checkUrl, () -> "redis://host:port"),
                    Importance.HIGH,
                    "Redis, as redis://[[user]:password@]host[:port][/database], or rediss:// for TLS, or"
                            + " redis-sentinel://, or redis-cluster://host:port,host:port. Hidden in logs, since it may hold"
                            + " a password")
            .define(
                    RECENT_EVENTS,
                    Type.INT,
                    200,
                    ConfigDef.Range.between(1, 100_000),
                    Importance.MEDIUM,
                    "How many of the newest events of each conversation are kept")
            .define(
                    TTL_MS,
                    Type.LONG,
                    Duration.ofDays(30).toMillis(),
                    ConfigDef.Range.between(60_000L, Duration.ofDays(3_650).toMillis()),
                    Importance.MEDIUM,
                    "Milliseconds after the last change until a conversation's events, and a user's views, are dropped."
                            + " Profiles of users stay."
                            + " Readers take from ClickHouse what Redis does not hold")
            .define(
                    TIMEOUT_MS,
                    Type.INT,
                    5_000,
                    ConfigDef.Range.between(100, 600_000),
                    Importance.LOW,
                    "Milliseconds to wait for the answers to one batch before it is tried again")
            .define(
                    RETRY_BACKOFF_MS,
                    Type.LONG,
                    200L,
                    ConfigDef.Range.between(10L, 60_000L),
                    Importance.LOW,
                    "Milliseconds before a failed batch is tried again; doubled with each failure, up to 32 times this");

    public RedisSinkConfig(Map<String, String> values) {
        super(DEFINITION, values, false);
    }

    public String url() {
        return getPassword(URL).value();
    }

    public int recentEvents() {
        return getInt(RECENT_EVENTS);
    }

    /** Expiry of every key, counted from its last change. */
    public Duration ttl() {
        return Duration.ofMillis(getLong(TTL_MS));
    }

    public Duration timeout() {
        return Duration.ofMillis(getInt(TIMEOUT_MS));
    }

    public long retryBackoffMillis() {
        return getLong(RETRY_BACKOFF_MS);
    }

    private static void checkUrl(String name, Object value) {
        try {
            RedisServers.checkUrl(((Password) value).value());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "must be a URL such as redis://host:port");
        }
    }
}
