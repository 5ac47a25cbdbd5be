package dev.tidings.ops.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.runtime.WorkerConfig;

/** Connect's own configuration, the same for all connectors of a worker. */
final class WorkerProperties {

    /** Without the REST server's and the source offsets' settings: there is neither. */
    private static final class SinksOnly extends WorkerConfig {
        SinksOnly(Map<String, String> properties) {
            super(new ConfigDef(baseConfigDef()), properties);
        }
    }

    private WorkerProperties() {}

    static WorkerConfig of(ConnectorsConfig config) {
        return new SinksOnly(asMap(config));
    }

    static Map<String, String> asMap(ConnectorsConfig config) {
        Map<String, String> properties = new LinkedHashMap<>(config.kafkaClient());
        for (String client : List.of("consumer.", "producer.", "admin.")) {
            config.kafkaClient().forEach((key, value) -> properties.put(client + key, value));
        }
        properties.put("bootstrap.servers", config.bootstrapServers());
        properties.put("key.converter", ByteArrayConverter.class.getName());
        properties.put("value.converter", ByteArrayConverter.class.getName());
        // Connectors are found by their service files: scanning the class path takes seconds.
        properties.put("plugin.discovery", "service_load");
        properties.put("connector.client.config.override.policy", "All");
        properties.put("offset.flush.interval.ms", "1000");
        // Three connectors are stopped one after the other, and the executor is given 1 s: 2 s at the very most. What
        // was
        // not committed by then is written again, which changes nothing.
        properties.put("task.shutdown.graceful.timeout.ms", "300");
        properties.put("topic.tracking.enable", "false");

        // History is made of committed records only.
        properties.put("consumer.isolation.level", "read_committed");
        properties.put("consumer.max.poll.records", "5000");
        properties.put("consumer.fetch.max.wait.ms", "250");
        properties.put("consumer.fetch.max.bytes", Integer.toString(16 * 1024 * 1024));
        // A killed worker's partitions are free after this; brokers allow no less than 6 s by default.
        properties.put("consumer.session.timeout.ms", "6000");
        properties.put("consumer.heartbeat.interval.ms", "1500");
        // Topics have their numbers of partitions from elsewhere; one that is created later is seen soon.
        properties.put("consumer.allow.auto.create.topics", "false");
        properties.put("consumer.metadata.max.age.ms", "10000");
        return properties;
    }
}
