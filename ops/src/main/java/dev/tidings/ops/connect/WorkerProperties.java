package dev.tidings.ops.connect;

import dev.tidings.schemas.tracing.Tracing;
import dev.tidings.schemas.tracing.TracingConsumerInterceptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.runtime.WorkerConfig;

/** The configuration of the Connect worker, common to all connectors. */
final class WorkerProperties {

    /** Has no settings of a REST server and of source offsets: the worker has neither. */
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
        if (Tracing.isOn(config.kafkaClient())) {
            properties.put("consumer.interceptor.classes", TracingConsumerInterceptor.class.getName());
        }
        properties.put("bootstrap.servers", config.bootstrapServers());
        properties.put("key.converter", ByteArrayConverter.class.getName());
        properties.put("value.converter", ByteArrayConverter.class.getName());
        // find connectors by their service files: scanning the class path takes seconds
        properties.put("plugin.discovery", "service_load");
        properties.put("connector.client.config.override.policy", "All");
        properties.put("offset.flush.interval.ms", "1000");
        // three connectors stop one after the other, and the executor has 1 s: 2 s at most in all. The next owner
        // repeats
        // uncommitted writes, which changes nothing.
        properties.put("task.shutdown.graceful.timeout.ms", "300");
        properties.put("topic.tracking.enable", "false");

        // history has committed records only
        properties.put("consumer.isolation.level", "read_committed");
        properties.put("consumer.max.poll.records", "5000");
        properties.put("consumer.fetch.max.wait.ms", "250");
        properties.put("consumer.fetch.max.bytes", Integer.toString(16 * 1024 * 1024));
        // the others take a killed worker's partitions after this; brokers allow at least 6 s by default
        properties.put("consumer.session.timeout.ms", "6000");
        properties.put("consumer.heartbeat.interval.ms", "1500");
        // the topic setup creates the topics with their partitions; notice a new one soon
        properties.put("consumer.allow.auto.create.topics", "false");
        properties.put("consumer.metadata.max.age.ms", "10000");
        return properties;
    }
}
