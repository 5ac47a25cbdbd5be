package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONVERSATION on a real broker has its heads and command names again after its state was restored from changelogs. */
class RestoredStateIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String CONVERSATION = "tidings-conversation";
    private static final int MESSAGES = 20;

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    private final BusinessSystem business = new BusinessSystem(kafka::bootstrapServers);

    @BeforeEach
    void setUpTopics() {
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(settings("memory", "state")));
    }

    @AfterEach
    void disconnect() {
        business.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void without_its_state_directory_it_recognizes_duplicates_and_continues_the_sequence(String store)
            throws Exception {
        try (StreamProcessors processors = start(store, "state")) {
            assertTrue(processors.isRunning());
            sendMessages();
        }
        if (store.equals("rocksdb")) {
            delete(kafka.directory().resolve("state"));
        }

        try (StreamProcessors processors = start(store, "state")) {
            assertContinues();
            assertEquals(0, processors.threadDeaths());
        }
    }

    @Test
    void with_its_state_directory_it_recognizes_duplicates_and_continues_the_sequence() {
        try (StreamProcessors processors = start("rocksdb", "state")) {
            assertTrue(processors.isRunning());
            sendMessages();
        }

        try (StreamProcessors processors = start("rocksdb", "state")) {
            assertContinues();
            assertEquals(0, processors.threadDeaths());
        }
    }

    @Test
    void a_standby_recognizes_duplicates_and_continues_the_sequence() throws Exception {
        keepStandby();
        try (StreamProcessors first = start("rocksdb", "first-state");
                StreamProcessors second = start("rocksdb", "second-state")) {
            await().atMost(TIMEOUT).until(this::hasStandby);
            sendMessages();

            first.close();

            await().atMost(TIMEOUT).until(second::isRunning);
            assertContinues();
            assertEquals(0, second.threadDeaths());
        }
    }

    /** Its transactions could stay open for ten minutes: longer than this test waits. */
    @Test
    void the_successor_of_a_killed_process_does_not_wait_for_its_transactions() throws Exception {
        Map<String, String> settings = new HashMap<>(values("rocksdb", "killed-state"));
        settings.put("processors.transaction-timeout-millis", "600000");
        settings.put("processors.commit-interval-millis", "2000");
        try (RoleProcess killed = RoleProcess.start("processors", settings, kafka.directory())) {
            assertEquals(1, send("message-1", "first").getSeq());
            try (StreamProcessors successor = start("rocksdb", "successor-state")) {
                for (int i = 2; i <= MESSAGES; i++) {
                    byte[] command = command("message-" + i, "first").build().toByteArray();
                    business.send(null, command, "application/x-protobuf");
                }
                await().atMost(TIMEOUT).until(this::hasOpenTransaction);

                killed.kill();

                assertContinues();
                assertEquals(0, successor.threadDeaths());
            }
        }
    }

    private boolean hasOpenTransaction() throws Exception {
        return kafka
                .admin()
                .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get(60, TimeUnit.SECONDS)
                .stream()
                .anyMatch(transaction -> transaction.transactionalId().startsWith(CONVERSATION));
    }

    private void sendMessages() {
        for (int i = 1; i <= MESSAGES; i++) {
            assertEquals(i, send("message-" + i, "first").getSeq());
        }
    }

    private void assertContinues() {
        for (int i : List.of(1, MESSAGES)) {
            Sequenced again = send("message-" + i, "again");
            assertTrue(again.getDuplicate());
            assertEquals(i, again.getSeq());
        }
        assertEquals(MESSAGES + 1, send("latest", "first").getSeq());
    }

    private Sequenced send(String clientMsgId, String attempt) {
        return business.ask(command(clientMsgId, attempt)).getSequenced();
    }

    private static BusinessCommand.Builder command(String clientMsgId, String attempt) {
        return BusinessCommand.newBuilder()
                .setRequestId(clientMsgId + "-" + attempt)
                .setActor("shop")
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:customer:shop")
                        .setClientMsgId(clientMsgId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("hello"))));
    }

    private StreamProcessors start(String store, String directory) {
        StreamProcessors processors = StreamProcessors.start(ProcessorsConfig.from(settings(store, directory)));
        await().atMost(TIMEOUT).until(processors::isRunning);
        return processors;
    }

    /** The group protocol of Kafka Streams takes the number of standby replicas from the group's settings. */
    private void keepStandby() throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, CONVERSATION),
                List.of(new AlterConfigOp(
                        new ConfigEntry("streams.num.standby.replicas", "1"), AlterConfigOp.OpType.SET)));
        kafka.admin().incrementalAlterConfigs(change).all().get(60, TimeUnit.SECONDS);
    }

    private boolean hasStandby() throws Exception {
        Map<String, StreamsGroupDescription> groups =
                kafka.admin().describeStreamsGroups(List.of(CONVERSATION)).all().get(60, TimeUnit.SECONDS);
        return groups.values().stream()
                .flatMap(group -> group.members().stream())
                .anyMatch(member -> !member.assignment().standbyTasks().isEmpty());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Settings settings(String store, String directory) {
        return Settings.of(values(store, directory));
    }

    private Map<String, String> values(String store, String directory) {
        return Map.of(
                "kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "processors.store",
                store,
                "topics.conversation-partitions",
                "1",
                "topics.user-partitions",
                "1",
                "processors.state-directory",
                kafka.directory().resolve(directory).toString());
    }
}
