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

/** A stretch of one partition, record by record; holds no more of it than one fetch. */
public final class PartitionReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Longer than transactions of the dead stay open. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
     * The next record, or null at the end.
     *
     * @throws KafkaException where nothing comes for half a minute
     */
    public @Nullable ConsumerRecord<byte[], byte[]> next() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!fetched.hasNext()) {
            long position = consumer.position(partition);
            if (position >= to) {
                return null;
            }
            fetched = consumer.poll(POLL).iterator();
            if (consumer.position(partition) > position) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new KafkaException("nothing comes from " + partition + " at offset " + position
                        + ": Kafka does not answer, or a transaction stays open there");
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
