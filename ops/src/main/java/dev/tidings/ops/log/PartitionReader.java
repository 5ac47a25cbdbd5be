package dev.tidings.ops.log;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a range of one partition, record by record. Holds at most one fetch in memory. Not thread-safe. */
public final class PartitionReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Longer than the transactions of a killed process stay open. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long to;
    private Iterator<ConsumerRecord<byte[], byte[]>> fetched = Collections.emptyIterator();

    PartitionReader(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long to) {
        this.consumer = consumer;
        this.partition = partition;
        this.to = to;
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
    }

    /**
     * Returns the next record, or null at the end.
     *
     * @throws KafkaException if no record arrives within 30 s
     */
    public @Nullable ConsumerRecord<byte[], byte[]> next() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!fetched.hasNext()) {
            long position = consumer.position(partition);
            if (position >= to) {
                return null;
            }
            fetched = consumer.poll(POLL).iterator();
            if (consumer.position(partition) > position) {
                deadline = System.nanoTime() + TIMEOUT.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new KafkaException("no record of " + partition + " at offset " + position + " within "
                        + TIMEOUT.toSeconds() + " s: Kafka does not answer, or a transaction is open there");
            }
        }
        ConsumerRecord<byte[], byte[]> record = fetched.next();
        if (record.offset() >= to) {
            fetched = Collections.emptyIterator();
            return null;
        }
        return record;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
