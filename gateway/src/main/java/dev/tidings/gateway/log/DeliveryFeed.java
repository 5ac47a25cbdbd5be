package dev.tidings.gateway.log;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the partition of {@code deliveries} that belongs to this gateway's slot, from its end on: what came before was
 * for sessions of an earlier epoch, and those are gone. Reads uncommitted records: see the topologies' settings for why
 * that is safe.
 */
public final class DeliveryFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Delivery> receiver;
    private final Meter received;
    private final Meter skipped;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Returns once the position is known: whatever is delivered from then on is received.
     *
     * @param receiver hears each delivery, in order, from one thread; must not block
     */
    public static DeliveryFeed open(
            String bootstrapServers,
            Map<String, String> clientProperties,
            int slot,
            Consumer<Delivery> receiver,
            MetricRegistry metrics) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-gateway-deliveries-" + slot);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(Topics.DELIVERIES.name(), slot);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
        DeliveryFeed feed = new DeliveryFeed(consumer, receiver, metrics);
        feed.thread.start();
        return feed;
    }

    private DeliveryFeed(KafkaConsumer<byte[], byte[]> consumer, Consumer<Delivery> receiver, MetricRegistry metrics) {
        this.received = metrics.meter("tidings.gateway.deliveries.received");
        this.skipped = metrics.meter("tidings.gateway.deliveries.skipped");
        this.consumer = consumer;
        this.receiver = receiver;
        this.thread = Thread.ofPlatform().name("delivery-feed").unstarted(this::run);
    }

    public boolean isRunning() {
        return thread.isAlive() && closing.getCount() > 0;
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                poll();
            }
        } catch (WakeupException e) {
            LOG.debug("deliveries are no longer read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void poll() throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                receive(record);
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("deliveries cannot be read now; trying again", e);
            if (closing.await(1, TimeUnit.SECONDS)) {
                LOG.debug("closed while waiting");
            }
        }
    }

    /** One bad record must not stop what comes after it. */
    private void receive(ConsumerRecord<byte[], byte[]> record) {
        received.mark();
        try {
            receiver.accept(Topics.DELIVERIES.value().deserializer().deserialize(record.topic(), record.value()));
        } catch (RuntimeException e) {
            skipped.mark();
            LOG.error(
                    "delivery skipped topic={} partition={} offset={}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
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
