package dev.tidings.gateway.log;

import dev.tidings.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a compacted topic of one partition from its beginning and follows it. Reads committed records only: an aborted one does
 * not count. Skips tombstones.
 */
public final class CompactedTopicReader<V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CompactedTopicReader.class);

    /** Without progress for so long, Kafka counts as unreachable. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofSeconds(15);

    /** Takes the values of a topic. */
    public interface Receiver<V> {

        /** @param logMillis the time of the record */
        void accept(V value, long logMillis);
    }

    private final Topic<?, V> topic;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Receiver<V> receiver;
    private final Runnable changed;
    private final PollingReader reader;

    /**
     * Returns once all values that are committed now are received.
     *
     * @param receiver takes each value in the order of the log, in one thread
     * @param changed runs after further values were received, in the same thread; not before this method returns
     * @throws KafkaException if the topic cannot be read
     */
    public static <V> CompactedTopicReader<V> open(
            String bootstrapServers,
            Map<String, String> clientProperties,
            Topic<?, V> topic,
            Receiver<V> receiver,
            Runnable changed) {
        String name = topic.name().substring(topic.name().lastIndexOf('.') + 1);
        KafkaConsumer<byte[], byte[]> consumer = PollingReader.consumer(
                bootstrapServers, clientProperties, "tidings-gateway-" + name, "earliest", "read_committed");
        CompactedTopicReader<V> feed = new CompactedTopicReader<>(name, consumer, topic, receiver, changed);
        try {
            feed.readToEnd();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        feed.reader.start();
        return feed;
    }

    private CompactedTopicReader(
            String name,
            KafkaConsumer<byte[], byte[]> consumer,
            Topic<?, V> topic,
            Receiver<V> receiver,
            Runnable changed) {
        this.consumer = consumer;
        this.topic = topic;
        this.partition = new TopicPartition(topic.name(), 0);
        this.receiver = receiver;
        this.changed = changed;
        this.reader = new PollingReader(name + "-reader", consumer, this::receiveChanges);
    }

    public boolean isRunning() {
        return reader.isRunning();
    }

    private void readToEnd() {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), PROGRESS_TIMEOUT).getOrDefault(partition, 0L);
        long position = consumer.position(partition, PROGRESS_TIMEOUT);
        long progressNanos = System.nanoTime();
        while (position < end) {
            receive(consumer.poll(Duration.ofMillis(100)));
            long reached = consumer.position(partition);
            if (reached > position) {
                position = reached;
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > PROGRESS_TIMEOUT.toNanos()) {
                throw new KafkaException(topic.name() + " could not be read to its end: offset " + position + " of "
                        + end + ", and no progress for " + PROGRESS_TIMEOUT.toSeconds() + " s");
            }
        }
    }

    private void receiveChanges(ConsumerRecords<byte[], byte[]> records) {
        receive(records);
        if (!records.isEmpty()) {
            try {
                changed.run();
            } catch (RuntimeException e) {
                LOG.error("values could not be applied to all sessions topic={}", topic.name(), e);
            }
        }
    }

    /** A value that fails is skipped: the ones after it must not wait. */
    private void receive(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                if (record.value() != null) {
                    receiver.accept(
                            topic.value().deserializer().deserialize(record.topic(), record.value()),
                            record.timestamp());
                }
            } catch (RuntimeException e) {
                LOG.error("value skipped topic={} offset={}", record.topic(), record.offset(), e);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
