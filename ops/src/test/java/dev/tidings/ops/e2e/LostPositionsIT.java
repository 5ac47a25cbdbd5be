package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topologies on a real broker start again after their committed positions were lost or came from another version. */
class LostPositionsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String CONVERSATION = "tidings-conversation";

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

    /** The changelog of INBOX: a message writes the views of both users. */
    private static final Topic<byte[], byte[]> VIEWS = new Topic<>(
            "tidings-inbox-views-changelog",
            Serdes.ByteArray(),
            Serdes.ByteArray(),
            Topic.Partitioning.USERS,
            Map.of());

    @Test
    void lost_positions_never_sequence_the_history_a_second_time() throws Exception {
        try (StreamProcessors processors = startProcessors()) {
            for (int i = 1; i <= 5; i++) {
                assertEquals(i, ask("before-" + i));
            }
            await().atMost(TIMEOUT).until(() -> business.committed(VIEWS).size() == 10);
        }
        long events = business.committed(Topics.CONVERSATION_EVENTS).size();
        long replies = business.committed(Topics.BUSINESS_REPLIES).size();
        kafka.admin()
                .deleteStreamsGroups(List.of(CONVERSATION, "tidings-inbox"))
                .all()
                .get(60, TimeUnit.SECONDS);

        try (StreamProcessors processors = startProcessors()) {
            assertEquals(6, ask("after"));
            assertEquals(0, processors.threadDeaths());
            await().atMost(TIMEOUT).until(() -> business.committed(VIEWS).size() > 10);
        }

        assertEquals(events + 1, business.committed(Topics.CONVERSATION_EVENTS).size());
        assertEquals(replies + 1, business.committed(Topics.BUSINESS_REPLIES).size());
        assertEquals(12, business.committed(VIEWS).size());
    }

    @Test
    void a_version_with_other_stores_continues_where_the_earlier_version_stopped() throws Exception {
        write("by-the-old-version");
        try (KafkaStreams old = oldVersion()) {
            old.start();
            await().atMost(TIMEOUT).until(() -> committedOffset() == 1);
            old.close(CloseOptions.timeout(Duration.ofSeconds(10))
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        write("by-the-new-version");

        try (StreamProcessors processors = startProcessors()) {
            await().atMost(TIMEOUT)
                    .until(() -> !business.committed(Topics.CONVERSATION_EVENTS).isEmpty());
            assertEquals(0, processors.threadDeaths());
        }

        assertEquals(
                List.of("by-the-new-version"),
                business.committed(Topics.CONVERSATION_EVENTS).stream()
                        .map(record -> record.value().getCommandId())
                        .toList());
        assertTrue(committedOffset() >= 2);
    }

    private StreamProcessors startProcessors() {
        StreamProcessors processors = StreamProcessors.start(ProcessorsConfig.from(settings()));
        await().atMost(TIMEOUT).until(processors::isRunning);
        return processors;
    }

    /** Returns an earlier version of CONVERSATION: the same group and the same input, but another store. */
    private KafkaStreams oldVersion() {
        Topology topology = new Topology()
                .addSource("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topics.COMMANDS.name())
                .addProcessor(
                        "conversation",
                        () -> new ContextualProcessor<byte[], byte[], Void, Void>() {
                            @Override
                            public void process(Record<byte[], byte[]> record) {
                                // reads the command and writes nothing
                            }
                        },
                        "commands")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore("older"), Serdes.String(), Serdes.String()),
                        "conversation");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, CONVERSATION);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                kafka.directory().resolve("old-state").toString());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        return new KafkaStreams(topology, properties);
    }

    private long committedOffset() throws Exception {
        @Nullable
        OffsetAndMetadata position = kafka.admin()
                .listConsumerGroupOffsets(CONVERSATION)
                .partitionsToOffsetAndMetadata()
                .get(60, TimeUnit.SECONDS)
                .get(new TopicPartition(Topics.COMMANDS.name(), 0));
        return position == null ? -1 : position.offset();
    }

    private long ask(String name) {
        BusinessReply reply = business.ask(BusinessCommand.newBuilder()
                .setRequestId(name)
                .setActor("shop")
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:customer:shop")
                        .setClientMsgId(name)
                        .setContent(text(name))));
        return reply.getSequenced().getSeq();
    }

    private void write(String commandId) {
        business.produce(
                Topics.COMMANDS,
                "p:customer:shop",
                Command.newBuilder()
                        .setCommandId(commandId)
                        .setConversationId("p:customer:shop")
                        .setActor("shop")
                        .setSendMessage(SendMessage.newBuilder()
                                .setClientMsgId(commandId)
                                .setContent(text("hello")))
                        .build());
    }

    private static Content.Builder text(String text) {
        return Content.newBuilder().setText(TextContent.newBuilder().setBody(text));
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
                kafka.directory().resolve("state").toString()));
    }
}
