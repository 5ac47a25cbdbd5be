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

/** A system that knows nothing of Tidings but its Kafka topics. */
final class BusinessSystem implements AutoCloseable {

    static final String SOURCE = "billing";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;

    BusinessSystem(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Asks in protobuf, and waits for the first answer. */
    BusinessReply ask(BusinessCommand.Builder command) {
        send(null, command.build().toByteArray(), "application/x-protobuf");
        return awaitReplies(command.getRequestId(), 1).getFirst();
    }

    /** @param partition one that no key would have chosen, or null */
    RecordMetadata send(@Nullable Integer partition, byte[] value, @Nullable String contentType) {
        Headers headers = new RecordHeaders().add("source", SOURCE.getBytes(UTF_8));
        if (contentType != null) {
            headers.add("content-type", contentType.getBytes(UTF_8));
        }
        try {
            return producer.send(new ProducerRecord<>(
                            Topics.BUSINESS.name(), partition, "key of its own".getBytes(UTF_8), value, headers))
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a record as Tidings' own parts do. */
    <K, V> void produce(Topic<K, V> topic, K key, V value) {
        try {
            producer.send(new ProducerRecord<>(
                            topic.name(),
                            topic.key().serializer().serialize(topic.name(), key),
                            topic.value().serializer().serialize(topic.name(), value)))
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    List<BusinessReply> awaitReplies(String requestId, int count) {
        return await(requestId)
                .atMost(PATIENCE)
                .until(
                        () -> committed(Topics.BUSINESS_REPLIES).stream()
                                .filter(record -> record.key().equals(requestId))
                                .map(ConsumerRecord::value)
                                .toList(),
                        replies -> replies.size() >= count);
    }

    /** All that a topic holds, as those see it who read committed. */
    <K, V> List<ConsumerRecord<K, V>> committed(Topic<K, V> topic) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
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

    @Override
    public void close() {
        producer.close();
    }
}
