package dev.tidings.ops.business;

import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends requests as the system, as a business system does, and waits for the replies. All requests of a source have one key, so they
 * are decided in the order in which they are sent. Not thread-safe.
 */
public final class BusinessRequests implements AutoCloseable {

    /** The source of requests of the command line. */
    public static final String SOURCE = "tidings-cli";

    private static final int KAFKA_TIMEOUT_MILLIS = 15_000;

    private final KafkaConsumer<String, BusinessReply> replies;
    private final KafkaProducer<String, byte[]> producer;
    private final Duration answerTimeout;

    private BusinessRequests(
            KafkaConsumer<String, BusinessReply> replies,
            KafkaProducer<String, byte[]> producer,
            Duration answerTimeout) {
        this.replies = replies;
        this.producer = producer;
        this.answerTimeout = answerTimeout;
    }

    /**
     * @param answerTimeout how long to wait for the replies to a request
     * @throws KafkaException if the cluster is not reachable, or the topics do not exist
     */
    public static BusinessRequests open(
            String bootstrapServers, Map<String, String> clientProperties, Duration answerTimeout) {
        KafkaConsumer<String, BusinessReply> replies = replies(bootstrapServers, clientProperties);
        try {
            seekToEnd(replies);
            return new BusinessRequests(replies, producer(bootstrapServers, clientProperties), answerTimeout);
        } catch (TimeoutException e) {
            replies.close();
            throw new KafkaException("Kafka at " + bootstrapServers + " does not answer", e);
        } catch (RuntimeException e) {
            replies.close();
            throw e;
        }
    }

    /**
     * Appends a request and waits for its replies. The audit log names the user of this process as the operator.
     *
     * @param command without request id
     * @param expected the number of its replies
     * @return fewer replies if not all arrive in time; the request is in the log and will be decided
     * @throws KafkaException if the request could not be appended
     */
    public List<BusinessReply> request(BusinessCommand.Builder command, int expected) {
        return awaitReplies(Set.of(append(command)), expected);
    }

    /**
     * Appends several requests, which have one reply each, and waits for the replies. All replies can take as long as those to one request.
     *
     * @param commands without request ids
     * @return in any order; fewer replies if not all arrive in time
     * @throws KafkaException if a request could not be appended
     */
    public List<BusinessReply> requestAll(List<BusinessCommand.Builder> commands) {
        Set<String> requestIds = new HashSet<>();
        commands.forEach(command -> requestIds.add(append(command)));
        return awaitReplies(requestIds, commands.size());
    }

    private List<BusinessReply> awaitReplies(Set<String> requestIds, int expected) {
        List<BusinessReply> received = new ArrayList<>();
        long requestedNanos = System.nanoTime();
        while (received.size() < expected && System.nanoTime() - requestedNanos < answerTimeout.toNanos()) {
            for (ConsumerRecord<String, BusinessReply> reply : replies.poll(Duration.ofMillis(100))) {
                if (requestIds.contains(reply.key())
                        && reply.value().getSource().equals(SOURCE)) {
                    received.add(reply.value());
                }
            }
        }
        return received;
    }

    /** Appends a request as the system, and returns its id. */
    private String append(BusinessCommand.Builder command) {
        String requestId = "cli-" + UUID.randomUUID();
        append(command.setRequestId(requestId)
                .setAsSystem(true)
                .setOperator(System.getProperty("user.name", ""))
                .build());
        return requestId;
    }

    private void append(BusinessCommand command) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", SOURCE.getBytes(StandardCharsets.UTF_8));
        headers.add("content-type", "application/x-protobuf".getBytes(StandardCharsets.UTF_8));
        try {
            producer.send(new ProducerRecord<>(
                            Topics.BUSINESS.name(), null, GatewayRequests.RULES_KEY, command.toByteArray(), headers))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka has rejected the request: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while sending the request", e);
        }
    }

    private static KafkaConsumer<String, BusinessReply> replies(
            String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-cli-replies");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MILLIS);
        return new KafkaConsumer<>(
                properties,
                Topics.BUSINESS_REPLIES.key().deserializer(),
                Topics.BUSINESS_REPLIES.value().deserializer());
    }

    /** Reads without a consumer group: every command line receives all replies and selects its own. */
    private static void seekToEnd(KafkaConsumer<String, BusinessReply> replies) {
        String topic = Topics.BUSINESS_REPLIES.name();
        List<TopicPartition> partitions = replies.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + topic + ": create it with tidings topics");
        }
        replies.assign(partitions);
        replies.seekToEnd(partitions);
        partitions.forEach(replies::position); // seeks now, so that every later reply is received
    }

    private static KafkaProducer<String, byte[]> producer(
            String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = ProducerSettings.durable(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-cli");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, KAFKA_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MILLIS / 3);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, KAFKA_TIMEOUT_MILLIS);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        replies.close();
    }
}
