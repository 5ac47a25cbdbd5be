package dev.tidings.processors;

import dev.tidings.processors.supervision.GuardedConsumer;
import dev.tidings.processors.supervision.ProductionFailureHandler;
import dev.tidings.processors.supervision.Supervisor;
import dev.tidings.processors.supervision.UnreadableRecordHandler;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Exactly-once topologies that read without waiting: state, offsets and outputs commit atomically, yet the main
 * consumers read records before the commit that they belong to.
 *
 * <p>Streams forces {@code read_committed} on its main consumers under exactly-once. Reading uncommitted is safe for
 * what topologies write, and only for that, because they are deterministic: when a transaction is aborted, the same input
 * gives the same output again, so what was read early was true; and because the reader drops what it has applied before.
 * It takes the commit interval out of every hop of the live path. INTAKE reads what business systems write, whose
 * aborted transactions never become true: it stays {@code read_committed}, as restore consumers do.
 */
public final class StreamsSettings extends StreamsConfig {

    /** What main consumers read. Among the properties, because the constructor of Streams asks for it already. */
    private static final String READS = "tidings.main-consumer.isolation.level";

    private StreamsSettings(Map<?, ?> properties) {
        super(properties);
    }

    /** For a topology that runs without supervision, such as in a replay. */
    public static StreamsSettings of(ProcessorsConfig config, Pipeline pipeline) {
        return new StreamsSettings(properties(config, pipeline));
    }

    /** @param supervisor watches the topology's threads and what they read */
    static StreamsSettings of(ProcessorsConfig config, Pipeline pipeline, Supervisor supervisor) {
        Map<String, Object> properties = properties(config, pipeline);
        properties.put(Supervisor.CONFIG, supervisor);
        return new StreamsSettings(properties);
    }

    private static Map<String, Object> properties(ProcessorsConfig config, Pipeline pipeline) {
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
        // for the one store that is built with a cache: OncePerOffset
        properties.put(STATESTORE_CACHE_MAX_BYTES_CONFIG, 1 << 20);

        properties.put(DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecordHandler.class);
        properties.put(PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        properties.put(PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionFailureHandler.class);

        properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        properties.put(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), config.transactionTimeoutMillis());
        properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
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
