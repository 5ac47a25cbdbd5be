package dev.tidings.gateway.log;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.Ban;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads topic {@code bans} from its beginning, and follows it. Reads committed records: a ban that was not is none. */
public final class BanFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BanFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Without any progress for so long, Kafka cannot be reached. */
    private static final Duration PROGRESS_WITHIN = Duration.ofSeconds(15);

    private static final TopicPartition PARTITION = new TopicPartition(Topics.BANS.name(), 0);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Ban> receiver;
    private final Runnable changed;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Returns once all bans that are committed now were received.
     *
     * @param receiver is given each ban in the order of the log, from one thread
     * @param changed runs after some were given, from the same thread; not before this returns
     * @throws KafkaException where the topic cannot be read
     */
    public static BanFeed open(
            String bootstrapServers, Map<String, String> clientProperties, Consumer<Ban> receiver, Runnable changed) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-gateway-bans");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        BanFeed feed = new BanFeed(consumer, receiver, changed);
        try {
            feed.readToTheEnd();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        feed.thread.start();
        return feed;
    }

    private BanFeed(KafkaConsumer<byte[], byte[]> consumer, Consumer<Ban> receiver, Runnable changed) {
        this.consumer = consumer;
        this.receiver = receiver;
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("ban-feed").daemon().unstarted(this::run);
    }

    public boolean isRunning() {
        return thread.isAlive() && closing.getCount() > 0;
    }

    private void readToTheEnd() {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        long end = consumer.endOffsets(List.of(PARTITION), PROGRESS_WITHIN).getOrDefault(PARTITION, 0L);
        long position = consumer.position(PARTITION, PROGRESS_WITHIN);
        long progressNanos = System.nanoTime();
        while (position < end) {
            receive(consumer.poll(Duration.ofMillis(100)));
            long reached = consumer.position(PARTITION);
            if (reached > position) {
                position = reached;
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > PROGRESS_WITHIN.toNanos()) {
                throw new KafkaException(Topics.BANS.name() + " could not be read to its end: offset " + position
                        + " of " + end + ", and no progress for " + PROGRESS_WITHIN.toSeconds() + " s");
            }
        }
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                poll();
            }
        } catch (WakeupException e) {
            LOG.debug("bans are no longer read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void poll() throws InterruptedException {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            receive(records);
            if (!records.isEmpty()) {
                changed.run();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("bans cannot be read now; trying again", e);
            if (closing.await(1, TimeUnit.SECONDS)) {
                LOG.debug("closed while waiting");
            }
        }
    }

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
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
