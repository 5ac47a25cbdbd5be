package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.push.PushSinkConnector;
import dev.tidings.connectors.redis.RedisSinkConnector;
import dev.tidings.connectors.retention.RetentionClass;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;

class ClickHouseSinkConnectorTest {

    private final ClickHouseSinkConnector connector = new ClickHouseSinkConnector();

    @Test
    void everyConnectorIsFoundAsAService() {
        Set<Class<?>> found = ServiceLoader.load(SinkConnector.class).stream()
                .map(ServiceLoader.Provider::type)
                .collect(Collectors.toSet());
        assertEquals(Set.of(ClickHouseSinkConnector.class, PushSinkConnector.class, RedisSinkConnector.class), found);
    }

    @Test
    void theVersionIsTheBuilds() {
        assertTrue(connector.version().matches("\\d+\\.\\d+\\.\\d+.*"), connector::version);
    }

    @Test
    void validationNamesTheKeyThatIsWrong() {
        assertEquals(Set.of(), wrongKeys(Map.of("clickhouse.url", "http://localhost:8123")));
        assertEquals(Set.of("clickhouse.url"), wrongKeys(Map.of()));
        assertEquals(Set.of("clickhouse.url"), wrongKeys(Map.of("clickhouse.url", "localhost:8123")));
        assertEquals(
                Set.of("clickhouse.retry.backoff.ms"),
                wrongKeys(Map.of("clickhouse.url", "http://localhost:8123", "clickhouse.retry.backoff.ms", "0")));
    }

    @Test
    void messagesAreNotDeletedBeforeTheyAreArchived() {
        Map<String, String> archive = new HashMap<>(Map.of(
                "clickhouse.url", "http://localhost:8123",
                "clickhouse.archive.url", "http://localhost:9000/tidings",
                "clickhouse.archive.after.months", "6",
                "clickhouse.retention.group.days", "248"));
        assertEquals(248, new ClickHouseSinkConfig(archive).retention().days(RetentionClass.GROUP));
        archive.put("clickhouse.retention.group.days", "247");

        ConfigException wrong = assertThrows(ConfigException.class, () -> new ClickHouseSinkConfig(archive));

        assertTrue(
                String.valueOf(wrong.getMessage()).contains("clickhouse.retention.group.days: 0 or at least 248"),
                wrong::getMessage);
    }

    @Test
    void everyKeyIsDocumented() {
        connector.config().configKeys().values().forEach(key -> assertFalse(key.documentation.isBlank(), key.name));
    }

    @Test
    void everyTaskHasTheWholeConfiguration() {
        Map<String, String> properties = Map.of("clickhouse.url", "http://localhost:8123");
        connector.start(properties);
        assertEquals(3, connector.taskConfigs(3).size());
        assertEquals(properties, connector.taskConfigs(3).getLast());
    }

    private Set<String> wrongKeys(Map<String, String> properties) {
        return connector.validate(properties).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .map(ConfigValue::name)
                .collect(Collectors.toSet());
    }
}
