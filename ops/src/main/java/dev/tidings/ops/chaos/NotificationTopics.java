package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.check.NotificationLedger;
import dev.tidings.ops.bench.check.NotificationSource;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of {@code tidings.notifications} and {@code tidings.push-outcomes} from their beginning, and the requests at
 * the webhook. Used by one thread.
 */
final class NotificationTopics implements NotificationSource {

    private static final Duration POLL = Duration.ofMillis(50);

    private final String bootstrapServers;
    private final PushReceiver webhook;
    private @Nullable Consumer<byte[], byte[]> consumer;

    NotificationTopics(String bootstrapServers, PushReceiver webhook) {
        this.bootstrapServers = bootstrapServers;
        this.webhook = webhook;
    }

    @Override
    public void readInto(NotificationLedger ledger) {
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = open();
            consumer = open;
        }
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            if (record.topic().equals(Topics.NOTIFICATIONS.name())) {
                ledger.notified(
                        Topics.NOTIFICATIONS.value().deserializer().deserialize(record.topic(), record.value()));
            } else {
                ledger.outcome(Topics.PUSH_OUTCOMES.value().deserializer().deserialize(record.topic(), record.value()));
            }
        }
        webhook.moveTo(ledger);
    }

    /** Assigns all partitions: no group, so nothing is committed. */
    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        Consumer<byte[], byte[]> opened =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(Topics.NOTIFICATIONS, Topics.PUSH_OUTCOMES)
                .flatMap(topic -> opened.partitionsFor(topic.name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        opened.assign(partitions);
        return opened;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
