package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.PipelineStage;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A topology with a bug that one record meets every time, while its outcome is written. On a real broker. */
class FailingRecordIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    private final BusinessSystem business = new BusinessSystem(kafka::bootstrapServers);

    @BeforeEach
    void setUpTopics() {
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(settings()));
    }

    @AfterEach
    void disconnect() {
        business.close();
    }

    @Test
    void a_record_that_stops_three_threads_becomes_a_dead_letter_and_the_next_ones_are_processed() {
        write("before");
        write("poison");
        write("after");

        try (StreamProcessors processors =
                StreamProcessors.start(ProcessorsConfig.from(settings()), List.of(copying()))) {
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> copied().equals(List.of("before", "after")));
            assertEquals(3, processors.threadDeaths());
        }

        List<String> reasons = business.committed(Topics.DEAD_LETTERS).stream()
                .map(letter -> letter.headers().lastHeader("tidings.reason"))
                .map(header -> new String(header.value(), UTF_8))
                .toList();
        assertEquals(
                List.of("it has stopped 3 threads of the topology, the last with StreamsException from"
                        + " IllegalStateException"),
                reasons);
    }

    @Test
    void an_output_that_only_the_broker_rejects_is_found_among_inputs_of_one_millisecond() throws Exception {
        writeInOneBatch(List.of("before", "large", "after"));
        setMaxMessageBytes(Topics.BUSINESS_REPLIES, 2_000);

        try (StreamProcessors processors =
                StreamProcessors.start(ProcessorsConfig.from(settings()), List.of(copying()))) {
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> copied().equals(List.of("before", "after")));
            assertEquals(2, processors.threadDeaths(), "the first one starts the search, the second one ends it");
        }

        assertEquals(
                1,
                business.committed(Topics.BUSINESS).stream()
                        .mapToLong(ConsumerRecord::timestamp)
                        .distinct()
                        .count(),
                "the timestamps are equal");
        List<String> letters = business.committed(Topics.DEAD_LETTERS).stream()
                .map(letter -> new String(letter.key(), UTF_8))
                .toList();
        assertEquals(List.of("large"), letters);
    }

    /** Copies its input, but fails to choose a partition for poison. */
    private static PipelineStage copying() {
        StreamPartitioner<byte[], byte[]> faulty = (topic, key, value, partitions) -> {
            if (new String(key, UTF_8).equals("poison")) {
                throw new IllegalStateException("a bug");
            }
            return Optional.of(Set.of(0));
        };
        Topology topology = new Topology()
                .addSource("input", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topics.BUSINESS.name())
                .addProcessor("copy", Copying::new, "input")
                .addSink(
                        "output",
                        Topics.BUSINESS_REPLIES.name(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        faulty,
                        "copy");
        return new PipelineStage("copying", topology, IsolationLevel.READ_COMMITTED, Map.of());
    }

    private static final class Copying extends AtomicProcessor<byte[], byte[], byte[], byte[]> {
        @Override
        protected void open(ProcessorContext<byte[], byte[]> context) {
            // it needs nothing
        }

        @Override
        protected void handle(Record<byte[], byte[]> record) {
            context().forward(record);
        }
    }

    private List<String> copied() {
        return business.committed(Topics.BUSINESS_REPLIES).stream()
                .map(ConsumerRecord::key)
                .toList();
    }

    private void write(String name) {
        byte[] reply = BusinessReply.newBuilder().setRequestId(name).build().toByteArray();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.BUSINESS.name(), 0, name.getBytes(UTF_8), reply));
        }
    }

    private void writeInOneBatch(List<String> names) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String name : names) {
                String request = name.equals("large") ? name.repeat(1_000) : name;
                byte[] reply =
                        BusinessReply.newBuilder().setRequestId(request).build().toByteArray();
                producer.send(new ProducerRecord<>(Topics.BUSINESS.name(), 0, name.getBytes(UTF_8), reply));
            }
            producer.flush();
        }
    }

    private void setMaxMessageBytes(Topic<?, ?> topic, int bytes) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            AlterConfigOp set = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
                    AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), List.of(set)))
                    .all()
                    .get();
        }
    }

    private Settings settings() {
        return Settings.of(Map.of(
                "kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "processors.store",
                "memory",
                "topics.conversation-partitions",
                "1",
                "topics.user-partitions",
                "1",
                "processors.state-directory",
                directory.resolve("state").toString()));
    }
}
