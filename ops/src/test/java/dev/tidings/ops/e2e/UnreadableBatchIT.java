package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processors on a machine whose temporary directory permits no native library: Snappy does not load there. */
class UnreadableBatchIT {

    private static final String WITHOUT_SNAPPY = "-Dorg.xerial.snappy.use.systemlib=true";

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    @Test
    void batches_that_cannot_be_decompressed_become_one_dead_letter_and_cost_no_thread() throws Exception {
        try (BusinessSystem business = new BusinessSystem(kafka.bootstrapServers())) {
            Map<String, String> settings = Map.of(
                    "kafka.bootstrap-servers",
                    kafka.bootstrapServers(),
                    "processors.store",
                    "memory",
                    "topics.conversation-partitions",
                    "1",
                    "topics.user-partitions",
                    "1",
                    "processors.state-directory",
                    kafka.directory().resolve("state").toString());
            TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(Settings.of(settings)));
            try (RoleProcess processors =
                    RoleProcess.start("processors", settings, kafka.directory(), List.of(WITHOUT_SNAPPY))) {
                // the topic is set up so that the broker compresses batches again that a producer compressed with
                // Snappy
                snappy(kafka.bootstrapServers(), "recompressed");
                assertEquals(1, seqOf(business.awaitReplies("recompressed-0", 1)));
                business.awaitReplies("recompressed-2", 1);
                keepCodecOfProducers(kafka.bootstrapServers());

                List<RecordMetadata> unreadable = snappy(kafka.bootstrapServers(), "unreadable");
                business.send(0, send("behind"), "application/x-protobuf");

                assertEquals(4, seqOf(business.awaitReplies("behind", 1)));
                List<ConsumerRecord<byte[], byte[]>> letters = business.committed(Topics.DEAD_LETTERS);
                assertEquals(1, letters.size());
                long first = unreadable.getFirst().offset();
                String reason = new String(
                        letters.getFirst()
                                .headers()
                                .lastHeader("tidings.reason")
                                .value(),
                        UTF_8);
                assertTrue(reason.startsWith("offsets " + first + " to " + (first + 2) + " cannot be read: "), reason);
            }
            String log = Files.readString(kafka.directory().resolve("processors.log"));
            assertTrue(log.contains("batch cannot be read"), log);
            assertFalse(log.contains("topology thread died"), log);
        }
    }

    private static long seqOf(List<BusinessReply> replies) {
        return replies.getFirst().getSequenced().getSeq();
    }

    /** Three records in one batch. */
    private static List<RecordMetadata> snappy(String bootstrapServers, String name) throws Exception {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "snappy",
                ProducerConfig.LINGER_MS_CONFIG,
                1_000);
        List<RecordMetadata> written = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> writing = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                writing.add(producer.send(new ProducerRecord<>(
                        Topics.BUSINESS.name(),
                        0,
                        "orders".getBytes(UTF_8),
                        send(name + '-' + i),
                        new RecordHeaders()
                                .add("source", "billing".getBytes(UTF_8))
                                .add("content-type", "application/x-protobuf".getBytes(UTF_8)))));
            }
            producer.flush();
            for (Future<RecordMetadata> record : writing) {
                written.add(record.get(60, TimeUnit.SECONDS));
            }
        }
        return written;
    }

    private static byte[] send(String requestId) {
        return BusinessCommand.newBuilder()
                .setRequestId(requestId)
                .setActor("shop")
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:customer:shop")
                        .setClientMsgId(requestId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("on its way"))))
                .build()
                .toByteArray();
    }

    private static void keepCodecOfProducers(String bootstrapServers) throws Exception {
        ConfigResource business = new ConfigResource(ConfigResource.Type.TOPIC, Topics.BUSINESS.name());
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(
                            business,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer"),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> "producer"
                            .equals(Objects.requireNonNull(admin.describeConfigs(List.of(business))
                                            .all()
                                            .get(60, TimeUnit.SECONDS)
                                            .get(business))
                                    .get(TopicConfig.COMPRESSION_TYPE_CONFIG)
                                    .value()));
        }
    }
}
