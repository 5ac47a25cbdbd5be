package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The largest request that is allowed is carried out within the time-outs of the transactions. */
class SendToManyIT {

    private static final int USERS = 10_000;
    private static final int PARTITIONS = 2;

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    @Test
    void a_request_to_ten_thousand_users_with_sixteen_megabytes_is_carried_out_for_each() throws Exception {
        try (KafkaConsumer<String, BusinessReply> replies = consumer();
                KafkaProducer<byte[], byte[]> producer = producer();
                StreamProcessors processors = processors()) {
            await().atMost(Duration.ofSeconds(60)).until(processors::isRunning);
            ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(Topics.BUSINESS.name(), news().toByteArray());
            request.headers().add("source", "news".getBytes(UTF_8));
            request.headers().add("content-type", "application/x-protobuf".getBytes(UTF_8));

            producer.send(request).get();

            Set<String> recipients = new TreeSet<>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                replies.poll(Duration.ofMillis(100))
                        .forEach(reply ->
                                recipients.add(reply.value().getSequenced().getConversationId()));
                return recipients.size() >= USERS;
            });
            assertEquals(USERS, recipients.size());
        }
    }

    private static BusinessCommand news() {
        return BusinessCommand.newBuilder()
                .setRequestId("news-1")
                .setActor("news")
                .setSendToMany(BusinessSendToMany.newBuilder()
                        .addAllUserIds(IntStream.range(0, USERS)
                                .mapToObj(user -> "user-" + user)
                                .toList())
                        .setClientMsgId("news-1")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("x".repeat(1_650)))))
                .build();
    }

    private StreamProcessors processors() {
        return StreamProcessors.start(ProcessorsConfig.from(Settings.of(Map.of(
                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                "topics.conversation-partitions", Integer.toString(PARTITIONS),
                "processors.state-directory", kafka.directory().resolve("state").toString(),
                "processors.store", "memory"))));
    }

    private KafkaConsumer<String, BusinessReply> consumer() {
        TopicSetup.ensure(
                kafka.bootstrapServers(),
                Map.of(),
                TopicLayout.from(Settings.of(Map.of("topics.conversation-partitions", Integer.toString(PARTITIONS)))));
        KafkaConsumer<String, BusinessReply> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                Topics.BUSINESS_REPLIES.key().deserializer(),
                Topics.BUSINESS_REPLIES.value().deserializer());
        consumer.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topics.BUSINESS_REPLIES.name(), partition))
                .toList());
        return consumer;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
