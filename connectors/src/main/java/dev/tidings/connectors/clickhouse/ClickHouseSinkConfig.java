package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** Configuration of the ClickHouse sink: address, credentials, time-outs, retention, archive. */
public final class ClickHouseSinkConfig extends AbstractConfig {

    public static final String URL = "clickhouse.url";
    public static final String USER = "clickhouse.user";
    public static final String PASSWORD = "clickhouse.password";
    public static final String CLUSTER = "clickhouse.cluster";
    public static final String TIMEOUT_MS = "clickhouse.timeout.ms";
    public static final String RETRY_BACKOFF_MS = "clickhouse.retry.backoff.ms";

    public static final String ARCHIVE_URL = "clickhouse.archive.url";
    public static final String ARCHIVE_ACCESS_KEY = "clickhouse.archive.access.key";
    public static final String ARCHIVE_SECRET_KEY = "clickhouse.archive.secret.key";
    public static final String ARCHIVE_AFTER_MONTHS = "clickhouse.archive.after.months";

    static final ConfigDef DEFINITION = withRetention(new ConfigDef()
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
                    CLUSTER,
                    Type.STRING,
                    "",
                    ConfigDef.LambdaValidator.with(
                            ClickHouseSinkConfig::checkCluster, () -> "letters, digits and _.-, or empty"),
                    Importance.LOW,
                    "Name of the cluster of ClickHouse servers that has the tables; empty: one server")
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
                    "Milliseconds before a failed batch is tried again; doubled with each failure, up to 32 times this")
            .define(
                    ARCHIVE_URL,
                    Type.STRING,
                    "",
                    ConfigDef.LambdaValidator.with(
                            ClickHouseSinkConfig::checkArchiveUrl, () -> "http(s)://host/bucket/prefix, or empty"),
                    Importance.LOW,
                    "URL of the bucket to which ClickHouse moves old months of events, with an optional prefix; empty: none")
            .define(
                    ARCHIVE_ACCESS_KEY,
                    Type.STRING,
                    "",
                    Importance.LOW,
                    "Access key of the bucket; empty: none is needed")
            .define(ARCHIVE_SECRET_KEY, Type.PASSWORD, "", Importance.LOW, "The secret of the access key")
            .define(
                    ARCHIVE_AFTER_MONTHS,
                    Type.INT,
                    ArchiveConfig.DEFAULT_MONTHS,
                    ConfigDef.Range.between(1, ArchiveConfig.MAX_MONTHS),
                    Importance.LOW,
                    "Whole months of events that stay in ClickHouse if there is an archive"));

    private static ConfigDef withRetention(ConfigDef definition) {
        for (RetentionClass retained : RetentionClass.values()) {
            definition.define(
                    retentionDays(retained),
                    Type.INT,
                    0,
                    ConfigDef.Range.between(0, RetentionPolicy.MAX_DAYS),
                    Importance.LOW,
                    "Days after which ClickHouse deletes "
                            + (retained.isConversationKind() ? "messages of kind " : "") + retained.label()
                            + "; 0: never");
        }
        return definition;
    }

    /** The key of the days of a class of data. */
    public static String retentionDays(RetentionClass retained) {
        return "clickhouse.retention." + retained.label() + ".days";
    }

    /** @throws ConfigException if a value is not allowed, or messages would be deleted before they are archived */
    public ClickHouseSinkConfig(Map<String, String> values) {
        super(DEFINITION, values, false);
        if (!cluster().isNone() && archive().isPresent()) {
            throw new ConfigException(ARCHIVE_URL, getString(ARCHIVE_URL), "must be empty with " + CLUSTER);
        }
        archive().ifPresent(archive -> requireArchivedBeforeDeleted(archive, retention()));
    }

    private static void requireArchivedBeforeDeleted(ArchiveConfig archive, RetentionPolicy retention) {
        RetentionClass tooEarly = archive.deletedTooEarly(retention);
        if (tooEarly != null) {
            throw new ConfigException(
                    retentionDays(tooEarly),
                    retention.days(tooEarly),
                    "0 or at least " + archive.minRetentionDays() + " is allowed with " + ARCHIVE_AFTER_MONTHS + " "
                            + archive.afterMonths()
                            + ", because older messages would be deleted before they are archived");
        }
    }

    private static void checkCluster(String name, Object value) {
        try {
            var _ = new ClickHouseCluster((String) value);
        } catch (SettingsException e) {
            throw new ConfigException(name, value, "must have at most 64 letters, digits and characters _.-");
        }
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

    public ClickHouseCluster cluster() {
        return new ClickHouseCluster(getString(CLUSTER));
    }

    public int timeoutMillis() {
        return getInt(TIMEOUT_MS);
    }

    public long retryBackoffMillis() {
        return getLong(RETRY_BACKOFF_MS);
    }

    /** Returns the archive; empty: there is none. */
    public Optional<ArchiveConfig> archive() {
        String url = getString(ARCHIVE_URL);
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(new ArchiveConfig(
                        url,
                        getString(ARCHIVE_ACCESS_KEY),
                        getPassword(ARCHIVE_SECRET_KEY).value(),
                        getInt(ARCHIVE_AFTER_MONTHS)));
    }

    public RetentionPolicy retention() {
        return RetentionPolicy.of(retained -> getInt(retentionDays(retained)));
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

    private static void checkArchiveUrl(String name, Object value) {
        String url = String.valueOf(value);
        if (url.isEmpty()) {
            return;
        }
        try {
            new ArchiveConfig(url, "", "", ArchiveConfig.DEFAULT_MONTHS);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, String.valueOf(e.getMessage()));
        }
    }
}
