package dev.tidings.gateway.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Kafka's own producer in memory stands for the log. */
class CommandLogTest {

    private static final UserCommand GONE = UserCommand.newBuilder()
            .setGatewayGone(GatewayGone.newBuilder().setGatewaySlot(3).setGatewayEpoch(7))
            .build();

    @Test
    void what_concerns_all_users_lies_in_every_partition_under_no_key() {
        MockProducer<String, byte[]> producer = producer(true);

        new CommandLog(producer, new MetricRegistry()).appendEverywhere(GONE, Duration.ofMinutes(1));

        List<ProducerRecord<String, byte[]>> written = producer.history();
        assertEquals(
                List.of(0, 1, 2, 3),
                written.stream().map(ProducerRecord::partition).sorted().toList());
        for (ProducerRecord<String, byte[]> record : written) {
            assertEquals(Topics.USER_COMMANDS.name(), record.topic());
            assertEquals("", record.key());
            assertEquals(GONE, Topics.USER_COMMANDS.value().deserializer().deserialize(record.topic(), record.value()));
        }
    }

    @Test
    void what_is_not_durable_in_time_is_a_failure() {
        CommandLog log = new CommandLog(producer(false), new MetricRegistry());

        assertThrows(KafkaException.class, () -> log.appendEverywhere(GONE, Duration.ofMillis(1)));
    }

    private static MockProducer<String, byte[]> producer(boolean confirmsAtOnce) {
        Node node = new Node(0, "localhost", 1);
        List<PartitionInfo> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new PartitionInfo(
                        Topics.USER_COMMANDS.name(), partition, node, new Node[] {node}, new Node[] {node}))
                .toList();
        return new MockProducer<>(
                new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of()),
                confirmsAtOnce,
                null,
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
