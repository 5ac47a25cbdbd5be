package dev.tidings.processors.parts;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** For topics whose key is the number of the partition. */
public final class ToPartition<V> implements StreamPartitioner<Integer, V> {

    /** For what concerns all of a partition and lies under the key of none: the number only leads there. */
    public static final Serializer<Integer> NO_KEY = (topic, partition) -> new byte[0];

    @Override
    public Optional<Set<Integer>> partitions(String topic, Integer partition, V value, int numPartitions) {
        return Optional.of(Set.of(partition));
    }
}
