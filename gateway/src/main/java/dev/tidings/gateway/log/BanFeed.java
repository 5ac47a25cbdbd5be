package dev.tidings.gateway.log;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.Ban;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads topic {@code bans} from its beginning and follows it. Reads committed records only: an aborted ban is none. */
public final class BanFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BanFeed.class);

    /** Without progress for so long, Kafka counts as unreachable. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofSeconds(15);

    private static final TopicPartition PARTITION = new TopicPartition(Topics.BANS.name(), 0);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Ban> receiver;
    private final Runnable changed;
    private final PollingReader reader;

    /**
     * Returns once all bans that are committed now are received.
     *
     * @param receiver takes each ban in the order of the log, in one thread
     * @param changed runs after further bans were received, in the same thread; not before this method returns
     * @throws KafkaException if the topic cannot be read
     */
    public static BanFeed open(
            String bootstrapServers, Map<String, String> clientProperties, Consumer<Ban> receiver, Runnable changed) {
        KafkaConsumer<byte[], byte[]> consumer = PollingReader.consumer(
                bootstrapServers, clientProperties, "tidings-gateway-bans", "earliest", "read_committed");
        BanFeed feed = new BanFeed(consumer, receiver, changed);
        try {
            feed.readToEnd();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        feed.reader.start();
        return feed;
    }

    private BanFeed(KafkaConsumer<byte[], byte[]> consumer, Consumer<Ban> receiver, Runnable changed) {
        this.consumer = consumer;
        this.receiver = receiver;
        this.changed = changed;
        this.reader = new PollingReader("ban-feed", consumer, this::receiveChanges);
    }

    public boolean isRunning() {
        return reader.isRunning();
    }

    private void readToEnd() {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        long end = consumer.endOffsets(List.of(PARTITION), PROGRESS_TIMEOUT).getOrDefault(PARTITION, 0L);
        long position = consumer.position(PARTITION, PROGRESS_TIMEOUT);
        long progressNanos = System.nanoTime();
        while (position < end) {
            receive(consumer.poll(Duration.ofMillis(100)));
            long reached = consumer.position(PARTITION);
            if (reached > position) {
                position = reached;
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > PROGRESS_TIMEOUT.toNanos()) {
                throw new KafkaException(Topics.BANS.name() + " could not be read to its end: offset " + position
                        + " of " + end + ", and no progress for " + PROGRESS_TIMEOUT.toSeconds() + " s");
            }
        }
    }

    private void receiveChanges(ConsumerRecords<byte[], byte[]> records) {
        receive(records);
        if (!records.isEmpty()) {
            try {
                changed.run();
            } catch (RuntimeException e) {
                LOG.error("bans could not be applied to all sessions", e);
            }
        }
    }

    /** A ban that fails is skipped: the ones after it must not wait. */
    private void receive(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                if (record.value() != null) {
                    receiver.accept(Topics.BANS.value().deserializer().deserialize(record.topic(), record.value()));
                }
            } catch (RuntimeException e) {
                LOG.error("ban skipped topic={} offset={}", record.topic(), record.offset(), e);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
