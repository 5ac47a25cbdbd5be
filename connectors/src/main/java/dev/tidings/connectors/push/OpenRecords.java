package dev.tidings.connectors.push;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The unsettled records. Offsets before the first unsettled record of each partition may be committed. Not thread-safe.
 */
final class OpenRecords {

    private final Map<TopicPartition, TreeMap<Long, Integer>> bytesByOffset = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();

    static TopicPartition partition(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    void opened(SinkRecord record) {
        int size = record.value() instanceof byte[] value ? value.length : 0;
        TreeMap<Long, Integer> open = bytesByOffset.computeIfAbsent(partition(record), partition -> new TreeMap<>());
        if (open.put(record.originalKafkaOffset(), size) == null) {
            add(record.originalTopic(), 1, size);
        }
    }

    void settled(SinkRecord record) {
        TreeMap<Long, Integer> open = bytesByOffset.get(partition(record));
        Integer size = open == null ? null : open.remove(record.originalKafkaOffset());
        if (size != null) {
            add(record.originalTopic(), -1, -size);
        }
    }

    boolean isOpen(SinkRecord record) {
        TreeMap<Long, Integer> open = bytesByOffset.get(partition(record));
        return open != null && open.containsKey(record.originalKafkaOffset());
    }

    void forget(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            TreeMap<Long, Integer> open = bytesByOffset.remove(partition);
            if (open != null) {
                open.values().forEach(size -> add(partition.topic(), -1, -size));
            }
        }
    }

    int count(String topic) {
        return counts.getOrDefault(topic, 0);
    }

    /** Bytes of the values of unsettled records. */
    long bytes(String topic) {
        return bytes.getOrDefault(topic, 0L);
    }

    /** @param read the positions up to which records were handed over */
    Map<TopicPartition, OffsetAndMetadata> committable(Map<TopicPartition, OffsetAndMetadata> read) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        read.forEach((partition, position) -> {
            TreeMap<Long, Integer> open = bytesByOffset.get(partition);
            if (open != null && !open.isEmpty() && open.firstKey() < position.offset()) {
                offsets.put(partition, new OffsetAndMetadata(open.firstKey()));
            } else {
                offsets.put(partition, position);
            }
        });
        return offsets;
    }

    private void add(String topic, int records, long size) {
        counts.merge(topic, records, Integer::sum);
        bytes.merge(topic, size, Long::sum);
    }
}
