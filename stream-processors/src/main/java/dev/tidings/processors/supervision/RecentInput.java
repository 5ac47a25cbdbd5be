package dev.tidings.processors.supervision;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The input records that a topology read last: {@value #MAX_RECORDS} per partition. Finds the input of an output by its
 * timestamp, since every output carries the timestamp of its input. Thread-safe.
 */
final class RecentInput {

    static final int MAX_RECORDS = 4_096;

    /** The position of an input record. */
    record Position(String topic, int partition, long offset) {}

    private record Read(long offset, long timestampMillis) {}

    private final Map<TopicPartition, ArrayDeque<Read>> byPartition = new HashMap<>();

    synchronized void add(ConsumerRecord<?, ?> record) {
        ArrayDeque<Read> reads = byPartition.computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), partition -> new ArrayDeque<>());
        reads.addLast(new Read(record.offset(), record.timestamp()));
        if (reads.size() > MAX_RECORDS) {
            reads.removeFirst();
        }
    }

    /** Returns the only record with this timestamp; empty if there is none, or more than one. */
    synchronized Optional<Position> only(long timestampMillis) {
        Set<Position> found = new HashSet<>();
        byPartition.forEach((partition, reads) -> reads.stream()
                .filter(read -> read.timestampMillis() == timestampMillis)
                .forEach(read -> found.add(new Position(partition.topic(), partition.partition(), read.offset()))));
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }
}
