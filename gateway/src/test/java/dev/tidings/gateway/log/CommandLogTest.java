package dev.tidings.gateway.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Uses Kafka's own producer in memory. */
class CommandLogTest {

    private static final GatewayGone GONE =
            GatewayGone.newBuilder().setGatewaySlot(3).setGatewayEpoch(7).build();

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Command COMMAND =
            Command.newBuilder().setConversationId("p:alice:bob").build();

    @Test
    void gateway_gone_is_written_to_every_partition_of_both_topics_under_an_empty_key() {
        MockProducer<String, byte[]> producer = producer(true);

        new CommandLog(producer, TIMEOUT, new MetricRegistry()).appendGone(GONE, Duration.ofMinutes(1));

        assertEquals(
                List.of(GONE, GONE, GONE),
                written(producer, Topics.COMMANDS, 3).stream()
                        .map(Command::getGatewayGone)
                        .toList());
        assertEquals(
                List.of(GONE, GONE, GONE, GONE),
                written(producer, Topics.USER_COMMANDS, 4).stream()
                        .map(UserCommand::getGatewayGone)
                        .toList());
    }

    @Test
    void gateway_gone_that_is_not_durable_in_time_is_a_failure() {
        CommandLog log = new CommandLog(producer(false), TIMEOUT, new MetricRegistry());

        assertThrows(KafkaException.class, () -> log.appendGone(GONE, Duration.ofMillis(1)));
    }

    @Test
    void a_command_that_kafka_does_not_confirm_in_time_has_an_unknown_outcome_and_is_still_retried() {
        MockProducer<String, byte[]> producer = producer(false);
        CommandLog log = new CommandLog(producer, Duration.ofMillis(1), new MetricRegistry());
        CompletableFuture<Optional<Exception>> done = new CompletableFuture<>();

        log.append(COMMAND, failure -> done.complete(Optional.ofNullable(failure)));

        assertInstanceOf(OutcomeUnknownException.class, done.join().orElseThrow());
        assertTrue(producer.completeNext());
    }

    @Test
    void a_command_that_kafka_failed_to_write_has_an_unknown_outcome() {
        MockProducer<String, byte[]> producer = producer(false);
        CommandLog log = new CommandLog(producer, TIMEOUT, new MetricRegistry());
        CompletableFuture<Optional<Exception>> done = new CompletableFuture<>();
        log.append(COMMAND, failure -> done.complete(Optional.ofNullable(failure)));

        Thread.ofPlatform().start(() -> producer.errorNext(new KafkaException("the broker is away")));

        assertInstanceOf(OutcomeUnknownException.class, done.join().orElseThrow());
    }

    @Test
    void a_command_that_the_producer_rejects_is_not_in_the_log() {
        MockProducer<String, byte[]> producer = producer(false);
        producer.sendException = new BufferExhaustedException("full");
        CommandLog log = new CommandLog(producer, TIMEOUT, new MetricRegistry());
        CompletableFuture<Optional<Exception>> done = new CompletableFuture<>();

        log.append(COMMAND, failure -> done.complete(Optional.ofNullable(failure)));

        assertInstanceOf(KafkaException.class, done.join().orElseThrow());
        assertEquals(List.of(), producer.history());
    }

    private static <V> List<V> written(MockProducer<String, byte[]> producer, Topic<?, V> topic, int partitions) {
        List<ProducerRecord<String, byte[]>> records = producer.history().stream()
                .filter(record -> record.topic().equals(topic.name()))
                .toList();
        assertEquals(
                IntStream.range(0, partitions).boxed().toList(),
                records.stream().map(ProducerRecord::partition).sorted().toList());
        assertTrue(records.stream().allMatch(record -> record.key().isEmpty()));
        return records.stream()
                .map(record -> topic.value().deserializer().deserialize(topic.name(), record.value()))
                .toList();
    }

    private static MockProducer<String, byte[]> producer(boolean confirmsAtOnce) {
        Node node = new Node(0, "localhost", 1);
        List<PartitionInfo> partitions = Stream.concat(
                        partitions(Topics.COMMANDS, 3, node), partitions(Topics.USER_COMMANDS, 4, node))
                .toList();
        return new MockProducer<>(
                new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of()),
                confirmsAtOnce,
                null,
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static Stream<PartitionInfo> partitions(Topic<?, ?> topic, int number, Node node) {
        return IntStream.range(0, number)
                .mapToObj(partition ->
                        new PartitionInfo(topic.name(), partition, node, new Node[] {node}, new Node[] {node}));
    }
}
