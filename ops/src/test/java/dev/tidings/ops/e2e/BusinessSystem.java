package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A business system: it knows nothing of Tidings but its Kafka topics. Connects when it is first used. Thread-safe. */
final class BusinessSystem implements AutoCloseable {

    static final String SOURCE = "billing";

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final Supplier<String> bootstrapServers;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    BusinessSystem(String bootstrapServers) {
        this(() -> bootstrapServers);
    }

    /** @param bootstrapServers is asked when it connects, and at every read */
    BusinessSystem(Supplier<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrapServers.get(),
                            ProducerConfig.ACKS_CONFIG,
                            "all"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }
        return producer;
    }

    /** Sends a command in protobuf and returns the first reply to it. */
    BusinessReply ask(BusinessCommand.Builder command) {
        send(null, command.build().toByteArray(), "application/x-protobuf");
        return awaitReplies(command.getRequestId(), 1).getFirst();
    }

    /**
     * Sends a command and returns once it is written.
     *
     * @param partition null: the one of the key
     * @param contentType null: JSON
     */
    RecordMetadata send(@Nullable Integer partition, byte[] value, @Nullable String contentType) {
        Headers headers = new RecordHeaders().add("source", SOURCE.getBytes(UTF_8));
        if (contentType != null) {
            headers.add("content-type", contentType.getBytes(UTF_8));
        }
        try {
            return producer()
                    .send(new ProducerRecord<>(
                            Topics.BUSINESS.name(), partition, "key of its own".getBytes(UTF_8), value, headers))
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a record to any topic, as a role of Tidings would. */
    <K, V> void produce(Topic<K, V> topic, K key, V value) {
        try {
            producer()
                    .send(new ProducerRecord<>(
                            topic.name(),
                            topic.key().serializer().serialize(topic.name(), key),
                            topic.value().serializer().serialize(topic.name(), value)))
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    List<BusinessReply> awaitReplies(String requestId, int count) {
        return await(requestId)
                .atMost(TIMEOUT)
                .until(
                        () -> committed(Topics.BUSINESS_REPLIES).stream()
                                .filter(record -> record.key().equals(requestId))
                                .map(ConsumerRecord::value)
                                .toList(),
                        replies -> replies.size() >= count);
    }

    /** Returns every committed record of a topic. */
    <K, V> List<ConsumerRecord<K, V>> committed(Topic<K, V> topic) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers.get());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<ConsumerRecord<K, V>> found = new ArrayList<>();
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(
                properties, topic.key().deserializer(), topic.value().deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    /** Disconnects. It connects again when it is used again. */
    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
    }
}
