package dev.tidings.connectors.clickhouse;

import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** Configuration of the ClickHouse sink: address, credentials, time-outs. */
public final class ClickHouseSinkConfig extends AbstractConfig {

    public static final String URL = "clickhouse.url";
    public static final String USER = "clickhouse.user";
    public static final String PASSWORD = "clickhouse.password";
    public static final String TIMEOUT_MS = "clickhouse.timeout.ms";
    public static final String RETRY_BACKOFF_MS = "clickhouse.retry.backoff.ms";

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    URL,
                    Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.LambdaValidator.with(ClickHouseSinkConfig::checkUrl, () -> "http(s)://host:port"),
                    Importance.HIGH,
                    "ClickHouse's HTTP interface, such as http://localhost:8123")
            .define(
                    USER,
                    Type.STRING,
                    "default",
                    new ConfigDef.NonEmptyString(),
                    Importance.HIGH,
                    "A user who may create database tidings and its tables, insert into them and select from them")
            .define(PASSWORD, Type.PASSWORD, "", Importance.HIGH, "The user's password")
            .define(
                    TIMEOUT_MS,
                    Type.INT,
                    30_000,
                    ConfigDef.Range.between(100, 600_000),
                    Importance.LOW,
                    "Milliseconds to wait for the answer to one insert before it is tried again")
            .define(
                    RETRY_BACKOFF_MS,
                    Type.LONG,
                    500L,
                    ConfigDef.Range.between(10L, 60_000L),
                    Importance.LOW,
                    "Milliseconds before a failed batch is tried again; doubled with each failure, up to 32 times this");

    public ClickHouseSinkConfig(Map<String, String> values) {
        super(DEFINITION, values, false);
    }

    public String url() {
        return getString(URL);
    }

    public String user() {
        return getString(USER);
    }

    public String password() {
        return getPassword(PASSWORD).value();
    }

    public int timeoutMillis() {
        return getInt(TIMEOUT_MS);
    }

    public long retryBackoffMillis() {
        return getLong(RETRY_BACKOFF_MS);
    }

    private static void checkUrl(String name, Object value) {
        try {
            URI url = URI.create(String.valueOf(value));
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
