package dev.tidings.processors;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/**
 * Exactly-once topologies that read without waiting: state, offsets and outputs commit atomically, yet the main
 * consumers read records before the commit that they belong to.
 *
 * <p>Streams forces {@code read_committed} on its main consumers under exactly-once. Reading uncommitted is safe here,
 * and only here, because the topologies are deterministic: when a transaction is aborted, the same input gives the same
 * output again, so what was read early was true; and because whoever reads early drops what it has applied before. It
 * takes the commit interval out of every hop of the live path. Restore consumers stay {@code read_committed}.
 */
public final class StreamsSettings extends StreamsConfig {

    private StreamsSettings(Map<?, ?> properties) {
        super(properties);
    }

    public static StreamsSettings of(ProcessorsConfig config, Pipeline pipeline, String deadLetterTopic) {
        Map<String, Object> properties = new HashMap<>(config.clientProperties());
        properties.put(APPLICATION_ID_CONFIG, pipeline.applicationId());
        properties.put(BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(STATE_DIR_CONFIG, config.stateDirectory().toString());
        properties.put(PROCESSING_GUARANTEE_CONFIG, EXACTLY_ONCE_V2);
        properties.put(GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(REPLICATION_FACTOR_CONFIG, (int) config.layout().replicationFactor());
        properties.put(COMMIT_INTERVAL_MS_CONFIG, config.commitIntervalMillis());
        properties.put(POLL_MS_CONFIG, Math.min(50, config.commitIntervalMillis()));
        properties.put(ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(BoundedRocksDb.MEGABYTES, config.storeCacheMegabytes());
        properties.put(STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);

        properties.put(DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        properties.put(PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        properties.put(ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, deadLetterTopic);

        properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        properties.put(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), config.transactionTimeoutMillis());
        properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.putAll(pipeline.settings());
        return new StreamsSettings(properties);
    }

    @Override
    public Map<String, Object> getMainConsumerConfigs(String groupId, String clientId, int threadIdx) {
        Map<String, Object> configs = super.getMainConsumerConfigs(groupId, clientId, threadIdx);
        configs.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return configs;
    }
}
