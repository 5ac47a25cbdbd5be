package dev.tidings.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;

/**
 * A Kafka topic with the types of its keys and values.
 *
 * @param name the topic's name
 * @param key the serde of keys
 * @param value the serde of values
 * @param partitioning the property that determines the number of partitions
 * @param config the broker's settings of this topic
 */
public record Topic<K, V>(
        String name, Serde<K> key, Serde<V> value, Partitioning partitioning, Map<String, String> config) {

    /** The property that determines the number of partitions ({@link TopicLayout}). Topics with the same partitioning are co-partitioned. */
    public enum Partitioning {
        CONVERSATIONS,
        USERS,
        GATEWAY_SLOTS,
        SINGLE
    }

    public Topic {
        config = Map.copyOf(config);
    }

    static <K, V> Topic<K, V> of(String name, Serde<K> key, Serde<V> value, Partitioning partitioning) {
        return new Topic<>(name, key, value, partitioning, Map.of());
    }

    /** Deletes records that are older than this. */
    Topic<K, V> keptFor(Duration retention) {
        return with(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    }

    /** Never deletes records. */
    Topic<K, V> keptForever() {
        return with(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }

    /** Keeps only the newest record of each key, and deletes it, too, once it is older than this. */
    Topic<K, V> compactedAndKeptFor(Duration retention) {
        return keptFor(retention)
                .with(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + ',' + TopicConfig.CLEANUP_POLICY_DELETE);
    }

    /** Keeps only the newest record of each key. */
    Topic<K, V> compacted() {
        return with(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /**
     * Keeps only the newest record of each key, and deletes replaced records within about this time. The broker never compacts the
     * active segment, so segments are short and small, and one replaced record is enough to clean a segment.
     */
    Topic<K, V> compactedWithin(Duration lag) {
        String millis = Long.toString(lag.toMillis());
        return compacted()
                .with(TopicConfig.SEGMENT_MS_CONFIG, millis)
                .with(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(16 << 20))
                .with(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.01")
                .with(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, millis);
    }

    /**
     * The broker stores the topic with this codec, whatever codec a producer uses. Needed for topics with foreign producers: some
     * codecs need a native library, and a topology whose machine cannot load it cannot read their batches.
     */
    Topic<K, V> compressedBy(String codec) {
        return with(TopicConfig.COMPRESSION_TYPE_CONFIG, codec);
    }

    /** The broker sets the record's timestamp to the time of the append; the producer's timestamp is ignored. */
    Topic<K, V> logAppendTime() {
        return with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }

    private Topic<K, V> with(String setting, String value) {
        Map<String, String> more = new LinkedHashMap<>(config);
        more.put(setting, value);
        return new Topic<>(name, key, this.value, partitioning, more);
    }
}
