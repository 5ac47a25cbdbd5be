package dev.tidings.ops.business;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.RulesCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests on a real broker, with the test in the place of the processors. */
@Timeout(180)
class BusinessRequestsIT {

    private static final int PARTITIONS = 3;
    private static final RulesCommand UNBAN =
            RulesCommand.newBuilder().addUnban("bob").build();

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    @Test
    void the_reply_to_the_own_request_is_found_among_others() throws Exception {
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), new TopicLayout(PARTITIONS, 1, 1, (short) 1));
        CompletableFuture<BusinessCommand> asked = answerOne(kafka.bootstrapServers());
        try (BusinessRequests requests =
                BusinessRequests.open(kafka.bootstrapServers(), Map.of(), Duration.ofSeconds(30))) {
            BusinessReply reply = requests.request(BusinessCommand.newBuilder().setRules(UNBAN), 1)
                    .getFirst();

            assertTrue(reply.hasUnchanged());
            assertEquals(asked.get().getRequestId(), reply.getRequestId());
            assertEquals(UNBAN, asked.get().getRules());
            assertTrue(asked.get().getAsSystem());
        }
        try (BusinessRequests requests =
                BusinessRequests.open(kafka.bootstrapServers(), Map.of(), Duration.ofMillis(200))) {
            assertEquals(
                    List.of(), requests.request(BusinessCommand.newBuilder().setRules(UNBAN), 1));
        }
    }

    @Test
    void a_cluster_without_topics_is_named_as_such() {
        KafkaException noTopic = assertThrows(
                KafkaException.class,
                () -> BusinessRequests.open(kafka.bootstrapServers(), Map.of(), Duration.ofSeconds(1)));

        assertEquals("there is no topic tidings.business-replies: create it with tidings topics", noTopic.getMessage());
    }

    /** Answers the first request, after two answers to requests of other systems. */
    private static CompletableFuture<BusinessCommand> answerOne(String bootstrapServers) {
        return CompletableFuture.supplyAsync(() -> {
            Map<String, Object> broker = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            try (KafkaConsumer<byte[], byte[]> business =
                            new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                    KafkaProducer<String, BusinessReply> replies = new KafkaProducer<>(
                            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                            Topics.BUSINESS_REPLIES.key().serializer(),
                            Topics.BUSINESS_REPLIES.value().serializer())) {
                List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(Topics.BUSINESS.name(), partition))
                        .toList();
                business.assign(partitions);
                business.seekToBeginning(partitions);
                BusinessCommand asked = awaitOne(business);
                BusinessReply reply = BusinessReply.newBuilder()
                        .setRequestId(asked.getRequestId())
                        .setSource(BusinessRequests.SOURCE)
                        .setUnchanged(BusinessReply.Unchanged.getDefaultInstance())
                        .build();
                replies.send(
                        replyRecord(reply.toBuilder().setRequestId("another").build()));
                replies.send(replyRecord(reply.toBuilder()
                        .setSource("another system")
                        .setApplied(BusinessReply.Applied.getDefaultInstance())
                        .build()));
                replies.send(replyRecord(reply));
                replies.flush();
                return asked;
            }
        });
    }

    private static BusinessCommand awaitOne(KafkaConsumer<byte[], byte[]> business) {
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : business.poll(Duration.ofMillis(100))) {
                try {
                    return BusinessCommand.parseFrom(record.value());
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static ProducerRecord<String, BusinessReply> replyRecord(BusinessReply reply) {
        return new ProducerRecord<>(Topics.BUSINESS_REPLIES.name(), reply.getRequestId(), reply);
    }
}
