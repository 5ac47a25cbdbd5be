package dev.tidings.ops.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One run in which a business system sends a message to each of many users, as fast as the topic takes the requests. Checks that each
 * recipient's message has exactly one reply. Used by one thread.
 */
final class SendToManyRun {

    private static final String SOURCE = "tidings-bench";
    private static final Duration POLL = Duration.ofMillis(100);

    /** Requests between two looks at the replies. */
    private static final int REQUESTS_AT_ONCE = 50;

    private final SendToManyPlan plan;
    private final RunningServer server;
    private final BenchProgress progress;
    private final TrafficCounters counters = new TrafficCounters();
    private final SendToManyReplies received;

    SendToManyRun(SendToManyPlan plan, RunningServer server, BenchProgress progress) {
        this.plan = plan;
        this.server = server;
        this.progress = progress;
        this.received = new SendToManyReplies(plan.requests(), plan.perRequest());
    }

    SendToManyReport run() {
        Content content = LoadRun.text(plan.textBytes(), new SplittableRandom(0));
        try (Consumer<String, BusinessReply> replies = replies();
                Producer<byte[], byte[]> producer = producer()) {
            long beginNanos = System.nanoTime();
            for (int request = 0; request < plan.requests(); request++) {
                send(producer, request, content);
                if (request % REQUESTS_AT_ONCE == 0) {
                    receive(replies, Duration.ZERO);
                }
            }
            producer.flush();
            long sentAllNanos = System.nanoTime();
            while (received.answered() < plan.recipients()
                    && System.nanoTime() - Math.max(received.lastNanos(), sentAllNanos)
                            < plan.drain().toNanos()) {
                receive(replies, POLL);
            }
            long lastNanos = Math.max(received.lastNanos(), beginNanos);
            return new SendToManyReport(plan, received, sentAllNanos - beginNanos, lastNanos - beginNanos);
        }
    }

    private void send(Producer<byte[], byte[]> producer, int request, Content content) {
        int first = request * plan.perRequest();
        int end = Math.min(plan.recipients(), first + plan.perRequest());
        BusinessCommand command = BusinessCommand.newBuilder()
                .setRequestId(requestId(request))
                .setAsSystem(true)
                .setSendToMany(BusinessSendToMany.newBuilder()
                        .addAllUserIds(
                                IntStream.range(first, end).mapToObj(this::user).toList())
                        .setClientMsgId(requestId(request))
                        .setContent(content))
                .build();
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", SOURCE.getBytes(UTF_8));
        headers.add("content-type", "application/x-protobuf".getBytes(UTF_8));
        received.sent(request, System.nanoTime());
        counters.sent.add(end - first);
        producer.send(
                new ProducerRecord<>(
                        Topics.BUSINESS.name(),
                        null,
                        requestId(request).getBytes(UTF_8),
                        command.toByteArray(),
                        headers),
                (metadata, failure) -> {
                    if (failure != null) {
                        counters.errors.increment();
                    }
                });
    }

    private void receive(Consumer<String, BusinessReply> replies, Duration timeout) {
        for (ConsumerRecord<String, BusinessReply> record : replies.poll(timeout)) {
            if (record.value().getSource().equals(SOURCE) && record.key().startsWith(prefix())) {
                if (received.received(record.value(), System.nanoTime())) {
                    counters.sequenced.increment();
                }
            }
        }
        progress.print("sending", counters, 0, 0, System.nanoTime());
    }

    private String user(int number) {
        return "bench-" + plan.runId() + "-recipient-" + number;
    }

    private String prefix() {
        return "bench-" + plan.runId() + '-';
    }

    private String requestId(int number) {
        return prefix() + number;
    }

    /** Reads all replies from now on, without a group. */
    private Consumer<String, BusinessReply> replies() {
        Map<String, Object> properties = new HashMap<>(server.kafkaClient());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server.bootstrapServers());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        Consumer<String, BusinessReply> consumer = new KafkaConsumer<>(
                properties,
                Topics.BUSINESS_REPLIES.key().deserializer(),
                Topics.BUSINESS_REPLIES.value().deserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        consumer.partitionsFor(Topics.BUSINESS_REPLIES.name())
                .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeks now: every later reply is received
        return consumer;
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = ProducerSettings.durable(server.kafkaClient());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, server.bootstrapServers());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 << 20);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
