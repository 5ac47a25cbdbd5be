package dev.tidings.gateway.log;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.tracing.Tracing;
import dev.tidings.v1.Delivery;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the partition of {@code deliveries} that belongs to this gateway's slot, from its end: earlier records are for
 * sessions of an earlier epoch. Reads uncommitted records; decision 1 says why that is safe.
 */
public final class DeliveryFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryFeed.class);

    private final Consumer<Delivery> receiver;
    private final Meter received;
    private final Meter skipped;
    private final PollingReader reader;

    /**
     * Returns once the position is known: every delivery written after that is received.
     *
     * @param receiver takes the deliveries in order, in one thread; must not block
     */
    public static DeliveryFeed open(
            String bootstrapServers,
            Map<String, String> clientProperties,
            int slot,
            Consumer<Delivery> receiver,
            MetricRegistry metrics) {
        KafkaConsumer<byte[], byte[]> consumer = PollingReader.consumer(
                bootstrapServers,
                Tracing.ofConsumer(clientProperties),
                "tidings-gateway-deliveries-" + slot,
                "latest",
                "read_uncommitted");
        TopicPartition partition = new TopicPartition(Topics.DELIVERIES.name(), slot);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
        DeliveryFeed feed = new DeliveryFeed(consumer, receiver, metrics);
        feed.reader.start();
        return feed;
    }

    private DeliveryFeed(KafkaConsumer<byte[], byte[]> consumer, Consumer<Delivery> receiver, MetricRegistry metrics) {
        this.received = metrics.meter("tidings.gateway.deliveries.received");
        this.skipped = metrics.meter("tidings.gateway.deliveries.skipped");
        this.receiver = receiver;
        this.reader = new PollingReader("delivery-feed", consumer, this::receive);
    }

    public boolean isRunning() {
        return reader.isRunning();
    }

    private void receive(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(this::receive);
    }

    /** A delivery that fails is skipped: the ones after it must not wait. */
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
        reader.close();
    }
}
