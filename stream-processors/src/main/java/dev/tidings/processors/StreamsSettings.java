package dev.tidings.processors;

import dev.tidings.processors.supervision.GuardedConsumer;
import dev.tidings.processors.supervision.OutputTracer;
import dev.tidings.processors.supervision.ProcessingFailureHandler;
import dev.tidings.processors.supervision.ProductionFailureHandler;
import dev.tidings.processors.supervision.Supervisor;
import dev.tidings.processors.supervision.UnreadableRecordHandler;
import dev.tidings.schemas.tracing.Tracing;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The Kafka Streams settings of exactly-once topologies that read uncommitted records. State, offsets and outputs
 * commit atomically, and the main consumers read records before the commit that they belong to.
 *
 * <p>Streams forces {@code read_committed} on its main consumers under exactly-once. Reading uncommitted records of the
 * topologies is safe for two reasons. The topologies are deterministic: after an aborted transaction, the same input
 * gives the same output again, so a record read early was correct. And the reader drops records that it has applied
 * before. Reading uncommitted takes the commit interval out of every hop of the live path. INTAKE reads records of
 * business systems, whose aborted transactions may never be repeated: it stays {@code read_committed}, as restore
 * consumers do.
 */
public final class StreamsSettings extends StreamsConfig {

    /**
     * The longest pause between two attempts to read committed positions. A successor of a killed process tries again until the
     * transactions of that process are aborted; by default the pause grows to a second.
     */
    private static final int MAX_RETRY_PAUSE_MILLIS = 200;

    /** The isolation level of main consumers. It is a property, because the constructor of Streams already needs it. */
    private static final String READS = "tidings.main-consumer.isolation.level";

    private StreamsSettings(Map<?, ?> properties) {
        super(properties);
    }

    /** Returns the settings of a topology that runs without supervision, such as in a replay. */
    public static StreamsSettings of(ProcessorsConfig config, PipelineStage pipeline) {
        return new StreamsSettings(properties(config, pipeline));
    }

    /** @param supervisor supervises the topology's threads and input */
    static StreamsSettings of(ProcessorsConfig config, PipelineStage pipeline, Supervisor supervisor) {
        Map<String, Object> properties = properties(config, pipeline);
        properties.put(Supervisor.CONFIG, supervisor);
        properties.put(producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG), OutputTracer.class.getName());
        Tracing.addToStreams(properties);
        return new StreamsSettings(properties);
    }

    private static Map<String, Object> properties(ProcessorsConfig config, PipelineStage pipeline) {
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
        // for positions and sync clocks: one small record a task each; INBOX has a larger one for views
        properties.put(STATESTORE_CACHE_MAX_BYTES_CONFIG, 1 << 20);

        properties.put(DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecordHandler.class);
        properties.put(PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingFailureHandler.class);
        properties.put(PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionFailureHandler.class);

        properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        properties.put(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), config.transactionTimeoutMillis());
        properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(mainConsumerPrefix(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), MAX_RETRY_PAUSE_MILLIS);
        properties.putAll(pipeline.settings());
        properties.put(READS, pipeline.reads().toString());
        return properties;
    }

    @Override
    public Map<String, Object> getMainConsumerConfigs(String groupId, String clientId, int threadIdx) {
        Map<String, Object> configs = super.getMainConsumerConfigs(groupId, clientId, threadIdx);
        configs.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, originals().get(READS));
        if (configs.containsKey(Supervisor.CONFIG)) {
            configs.put(GuardedConsumer.WRAPPER_CONFIG, GuardedConsumer.class);
        }
        return configs;
    }
}
