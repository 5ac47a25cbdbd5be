package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;

class PushSinkConnectorTest {

    private static final Map<String, String> ENOUGH =
            Map.of("push.outcomes.producer.bootstrap.servers", "localhost:9092");

    private final PushSinkConnector connector = new PushSinkConnector();

    @Test
    void validation_names_the_key_that_is_wrong() {
        assertEquals(Set.of(), wrongKeys(ENOUGH));
        assertEquals(Set.of("push.outcomes.producer.bootstrap.servers"), wrongKeys(Map.of()));
        for (String url : new String[] {"localhost:80", "ftp://host/x", "http:///push", "http://a b"}) {
            assertEquals(Set.of("push.webhook.url"), wrongKeys(with("push.webhook.url", url)), url);
        }
        assertEquals(Set.of("push.webhook.timeout.ms"), wrongKeys(with("push.webhook.timeout.ms", "0")));
    }

    @Test
    void a_webhook_without_a_secret_is_refused() {
        ConfigException refused = assertThrows(
                ConfigException.class, () -> connector.start(with("push.webhook.url", "http://localhost/push")));
        assertTrue(String.valueOf(refused.getMessage()).contains("push.webhook.secret"), refused::toString);
    }

    @Test
    void the_producer_of_outcomes_has_what_it_is_given() {
        PushSinkConfig config = new PushSinkConfig(with("push.outcomes.producer.security.protocol", "SSL"));
        assertEquals(
                Map.of("bootstrap.servers", "localhost:9092", "security.protocol", "SSL"), config.outcomesProducer());
    }

    @Test
    void every_key_is_documented() {
        connector.config().configKeys().values().forEach(key -> assertFalse(key.documentation.isBlank(), key.name));
    }

    @Test
    void every_task_has_the_whole_configuration() {
        connector.start(ENOUGH);
        assertEquals(3, connector.taskConfigs(3).size());
        assertEquals(ENOUGH, connector.taskConfigs(3).getLast());
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> more = new HashMap<>(ENOUGH);
        more.put(key, value);
        return more;
    }

    private Set<String> wrongKeys(Map<String, String> properties) {
        return connector.validate(properties).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .map(ConfigValue::name)
                .collect(Collectors.toSet());
    }
}
