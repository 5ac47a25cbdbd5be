package dev.tidings.schemas.settings;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings that all producers outside of Kafka Streams share. */
public final class ProducerSettings {

    private ProducerSettings() {}

    /**
     * Returns the properties with the settings of durable and ordered appends: all in-sync replicas have a record before it counts as
     * written, a retry does not write it again, and one request is in flight.
     *
     * <p>With several requests in flight, the first batch to a partition that has no leader yet is rejected, and the second one may
     * arrive when the leader is ready. The broker accepts it, because it does not know the producer, and then rejects the retries of
     * the first batch for ever (decision 69).
     *
     * @param clientProperties how to reach Kafka; they do not replace these settings
     */
    public static Map<String, Object> durable(Map<String, ?> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return properties;
    }
}
