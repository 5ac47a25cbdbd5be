package dev.tidings.schemas.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class ProducerSettingsTest {

    @Test
    void client_properties_do_not_weaken_appends() {
        Map<String, Object> settings = ProducerSettings.durable(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "1",
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                "5",
                "security.protocol",
                "SSL"));

        assertEquals("all", settings.get(ProducerConfig.ACKS_CONFIG));
        assertEquals(true, settings.get(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG));
        assertEquals(1, settings.get(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION));
        assertEquals("SSL", settings.get("security.protocol"));
    }
}
