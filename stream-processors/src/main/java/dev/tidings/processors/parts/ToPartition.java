package dev.tidings.processors.parts;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** For topics whose key is the number of the partition. */
public final class ToPartition<V> implements StreamPartitioner<Integer, V> {

    @Override
    public Optional<Set<Integer>> partitions(String topic, Integer partition, V value, int numPartitions) {
        return Optional.of(Set.of(partition));
    }
}
