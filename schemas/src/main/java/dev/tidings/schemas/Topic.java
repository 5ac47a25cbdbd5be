package dev.tidings.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;

/**
 * A topic, as one typed value.
 *
 * @param name the topic's name
 * @param key what a key is, and how keys are written
 * @param value what a value is, and how values are written
 * @param partitioning what its partitions are divided by
 * @param config the broker's settings for this topic
 */
public record Topic<K, V>(
        String name, Serde<K> key, Serde<V> value, Partitioning partitioning, Map<String, String> config) {

    /** What the number of a topic's partitions follows from. Topics of one partitioning are partitioned alike. */
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

    /** Records older than this may go. */
    Topic<K, V> keptFor(Duration retention) {
        return with(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    }

    /** Records are never thrown away for their age. */
    Topic<K, V> keptForever() {
        return with(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }

    /** Only the newest record of a key is kept. */
    Topic<K, V> compacted() {
        return with(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /**
     * Only the newest record of a key is kept, and what it replaces is gone within about this time. The newest segment is
     * never compacted, so segments are short and small, and one replaced record is enough to clean.
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
     * The broker compresses what lies in the topic by this codec, whatever producers use. Needed where strangers produce:
     * some codecs need a native library, and a topology whose machine cannot load it cannot read their batches.
     */
    Topic<K, V> compressedBy(String codec) {
        return with(TopicConfig.COMPRESSION_TYPE_CONFIG, codec);
    }

    /** The broker's clock at the moment of appending is the record's time, whatever the producer says. */
    Topic<K, V> logAppendTime() {
        return with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }

    private Topic<K, V> with(String setting, String value) {
        Map<String, String> more = new LinkedHashMap<>(config);
        more.put(setting, value);
        return new Topic<>(name, key, this.value, partitioning, more);
    }
}
