package dev.tidings.processors.partitioning;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** Sends a record to the partition that its key names. */
public final class ToPartition<V> implements StreamPartitioner<Integer, V> {

    /**
     * Serializes the partition number to an empty key: for records that concern a whole partition and belong to no
     * single key.
     */
    public static final Serializer<Integer> NO_KEY = (topic, partition) -> new byte[0];

    @Override
    public Optional<Set<Integer>> partitions(String topic, Integer partition, V value, int numPartitions) {
        return Optional.of(Set.of(partition));
    }
}
