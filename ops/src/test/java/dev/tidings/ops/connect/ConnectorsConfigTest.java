package dev.tidings.ops.connect;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorsConfigTest {

    private static final Settings ENOUGH = Settings.of(Map.of(
            "kafka.bootstrap-servers", "localhost:9092",
            "redis.url", "redis://:secret@localhost:6379",
            "clickhouse.url", "http://localhost:8123",
            "clickhouse.password", "secret",
            "connectors.push.webhook-url", "https://example.com/secret",
            "connectors.push.webhook-secret", "secret"));

    @Test
    void optionalSettingsHaveDefaults() {
        ConnectorsConfig config = ConnectorsConfig.from(ENOUGH);
        assertEquals("default", config.clickHouseUser());
        assertEquals(200, config.redisRecentEvents());
        assertEquals(1, config.tasks());
    }

    @ParameterizedTest
    @CsvSource({
        "redis.url, localhost:6379",
        "redis.url, http://localhost:6379",
        "redis.url, redis:6379",
        "clickhouse.cluster, a b",
        "clickhouse.url, localhost:8123",
        "clickhouse.url, jdbc:clickhouse://localhost",
        "connectors.tasks, 0",
        "connectors.redis.recent-events, many",
        "connectors.redis.keep-days, 0",
        "retention.private-days, -1",
        "retention.audit-days, 10951",
        "archive.s3-url, s3://bucket",
        "archive.s3-url, http://localhost/bucket/",
        "archive.after-months, 0",
        "kafka.bootstrap-servers, ''",
        "clickhouse.url, ''",
        "connectors.push.webhook-url, example.com/push",
        "connectors.push.webhook-secret, ''"
    })
    void aWrongSettingIsNamed(String key, String value) {
        SettingsException wrong =
                assertThrows(SettingsException.class, () -> ConnectorsConfig.from(ENOUGH.with(Map.of(key, value))));
        assertTrue(String.valueOf(wrong.getMessage()).startsWith(key), wrong::toString);
    }

    @Test
    void clustersOfTheStoresReachTheSinks() {
        ConnectorsConfig config = ConnectorsConfig.from(ENOUGH.with(
                Map.of("redis.url", "redis-cluster://:secret@a:7000,b:7001", "clickhouse.cluster", "chat")));

        Map<String, Map<String, String>> connectors = Connectors.of(config);

        assertEquals(
                "redis-cluster://:secret@a:7000,b:7001",
                requireNonNull(connectors.get(Connectors.REDIS)).get("redis.url"));
        assertEquals(
                "chat", requireNonNull(connectors.get(Connectors.CLICKHOUSE)).get("clickhouse.cluster"));
        SettingsException wrong = assertThrows(
                SettingsException.class,
                () -> ConnectorsConfig.from(ENOUGH.with(
                        Map.of("clickhouse.cluster", "chat", "archive.s3-url", "http://localhost:9000/tidings"))));
        assertTrue(String.valueOf(wrong.getMessage()).startsWith("archive.s3-url"), wrong::toString);
    }

    @Test
    void theRetentionOfEachClassReachesTheSink() {
        ConnectorsConfig config = ConnectorsConfig.from(
                ENOUGH.with(Map.of("retention.room-days", "30", "retention.receipts-days", "90")));
        Map<String, String> properties = requireNonNull(Connectors.of(config).get(Connectors.CLICKHOUSE));
        assertEquals("30", properties.get("clickhouse.retention.room.days"));
        assertEquals("90", properties.get("clickhouse.retention.receipts.days"));
        assertEquals("0", properties.get("clickhouse.retention.private.days"));
    }

    @Test
    void messagesAreNotDeletedBeforeTheyAreArchived() {
        Settings archive =
                ENOUGH.with(Map.of("archive.s3-url", "http://localhost:9000/tidings", "archive.after-months", "6"));

        SettingsException wrong = assertThrows(
                SettingsException.class,
                () -> ConnectorsConfig.from(archive.with(Map.of("retention.group-days", "247"))));

        assertEquals(
                "retention.group-days is 247; 0 or at least 248 is allowed with archive.after-months 6, because older messages"
                        + " would be deleted before they are archived",
                wrong.getMessage());
        ConnectorsConfig.from(archive.with(Map.of("retention.group-days", "248", "retention.receipts-days", "1")));
    }

    @Test
    void theArchiveReachesTheSink() {
        ConnectorsConfig config = ConnectorsConfig.from(ENOUGH.with(Map.of(
                "archive.s3-url", "http://localhost:9000/tidings",
                "archive.s3-access-key", "key",
                "archive.s3-secret-key", "secret")));
        Map<String, String> properties = requireNonNull(Connectors.of(config).get(Connectors.CLICKHOUSE));
        assertEquals("http://localhost:9000/tidings", properties.get("clickhouse.archive.url"));
        assertEquals("12", properties.get("clickhouse.archive.after.months"));
        assertFalse(config.toString().contains("secret"));
    }

    @Test
    void secretsAreNotShown() {
        assertFalse(ConnectorsConfig.from(ENOUGH).toString().contains("secret"));
    }

    @Test
    void propertiesOfKafkaClientsReachEveryClient() {
        ConnectorsConfig config = ConnectorsConfig.from(ENOUGH.with(Map.of("kafka.client.security.protocol", "SSL")));
        assertEquals(
                "SSL",
                requireNonNull(Connectors.of(config).get(Connectors.PUSH))
                        .get("push.outcomes.producer.security.protocol"));
        Map<String, String> properties = WorkerProperties.asMap(config);
        for (String client : new String[] {"", "consumer.", "producer.", "admin."}) {
            assertEquals("SSL", properties.get(client + "security.protocol"), client);
        }
        assertEquals("read_committed", properties.get("consumer.isolation.level"));
    }

    @Test
    void theIsolationOfHistoryCannotBeOverruled() {
        Map<String, String> properties = WorkerProperties.asMap(
                ConnectorsConfig.from(ENOUGH.with(Map.of("kafka.client.isolation.level", "read_uncommitted"))));
        assertEquals("read_committed", properties.get("consumer.isolation.level"));
    }
}
