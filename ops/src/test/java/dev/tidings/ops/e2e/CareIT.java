package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.PipelineStage;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Platform;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.Session;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidings rebuild state} on a real broker. */
@Timeout(300)
class CareIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String PRIVATE = "p:customer:shop";
    private static final List<String> REBUILT = List.of("directory", "conversation", "inbox");

    /** The topics that a repeated output would make longer. */
    private static final List<Topic<?, ?>> OUTPUTS = List.of(
            Topics.CONVERSATION_EVENTS,
            Topics.BUSINESS_REPLIES,
            Topics.DELIVERIES,
            Topics.USER_EVENTS,
            Topics.NOTIFICATIONS,
            Topics.DIRECTORY,
            Topics.AUDIT,
            Topics.COMMANDS,
            Topics.USER_COMMANDS,
            Topics.DEAD_LETTERS);

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @TempDir
    Path directory;

    private final BusinessSystem business = new BusinessSystem(kafka::bootstrapServers);

    @BeforeEach
    void setUpTopics() {
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(Settings.of(settings())));
    }

    @AfterEach
    void disconnect() {
        business.close();
    }

    @Test
    void the_rebuilt_state_is_the_state_before_and_no_output_is_repeated() throws Exception {
        try (StreamProcessors processors = startProcessors()) {
            changeAllStores();
            CommandLineRun running = rebuild();
            assertEquals(2, running.exitCode(), running::err);
            assertTrue(running.err().contains("has members; stop all processors"), running::err);
            await().atMost(TIMEOUT).until(() -> isRead("inbox", Topics.INBOX) && isRead("inbox", Topics.USER_COMMANDS));
        }
        // not processed yet: the rebuild must leave them to the next start
        write("while-stopped");
        String elsewhere = userOfAnotherPartition();
        business.produce(Topics.USER_COMMANDS, elsewhere, status(elsewhere, "a new status"));
        SortedMap<String, Bytes> state = state();
        Map<String, Long> outputs = outputs();
        assertFalse(state.keySet().stream().noneMatch(key -> key.startsWith("tidings-inbox-devices")), state::toString);

        CommandLineRun rebuild = rebuild();

        assertEquals(0, rebuild.exitCode(), rebuild::err);
        assertEquals(List.of(), differences(state, state()));
        assertEquals(outputs, outputs());
        try (StreamProcessors processors = startProcessors()) {
            assertEquals(5, ask("after").getSequenced().getSeq());
            await().atMost(TIMEOUT)
                    .until(() -> state().values().stream()
                            .anyMatch(
                                    value -> new String(value.get(), StandardCharsets.UTF_8).contains("a new status")));
            assertEquals(0, processors.threadDeaths());
        }
        assertEquals(
                List.of("1", "2", "3", "4", "5"),
                business.committed(Topics.CONVERSATION_EVENTS).stream()
                        .filter(record ->
                                record.key().equals(PRIVATE) && record.value().getSeq() > 0)
                        .map(record -> Long.toString(record.value().getSeq()))
                        .toList());
    }

    @Test
    void processors_do_not_start_while_a_rebuild_is_unfinished() throws Exception {
        kafka.admin()
                .createTopics(List.of(new NewTopic("tidings-rebuild", 1, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);

        KafkaLog log = new KafkaLog(kafka.bootstrapServers(), Map.of());
        await().atMost(TIMEOUT).until(() -> log.partitions("tidings-rebuild") > 0);

        CommandLineRun run = CommandLineRun.of(directory, settings(), List.of("processors"));
        kafka.admin().deleteTopics(List.of("tidings-rebuild")).all().get(60, TimeUnit.SECONDS);

        assertEquals(1, run.exitCode(), run::err);
        assertTrue(run.err().contains("a rebuild of the state has not finished"), run::err);
    }

    /** Returns a user whose inbox partition is not the one of the customer. */
    private static String userOfAnotherPartition() {
        return IntStream.range(0, 100)
                .mapToObj(i -> "user-" + i)
                .filter(userId -> UserId.inboxPartition(userId, 2) != UserId.inboxPartition("customer", 2))
                .findFirst()
                .orElseThrow();
    }

    private static UserCommand status(String userId, String status) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setChangeProfile(ChangeProfile.newBuilder().setStatus(status))
                .build();
    }

    private CommandLineRun rebuild() throws Exception {
        return CommandLineRun.of(directory, settings(), List.of("rebuild", "state"));
    }

    /** Three messages in a private conversation, a group, a read position, settings, a session, a device and a profile. */
    private void changeAllStores() {
        business.produce(Topics.USER_COMMANDS, "customer", openSession());
        for (int i = 1; i <= 3; i++) {
            assertEquals(i, ask("before-" + i).getSequenced().getSeq());
        }
        BusinessReply group = business.ask(BusinessCommand.newBuilder()
                .setRequestId("group")
                .setActor("shop")
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId("g:team")
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("team"))
                                .addMembers("customer")
                                .addMembers("other"))));
        assertTrue(group.hasSequenced(), group::toString);
        business.ask(BusinessCommand.newBuilder()
                .setRequestId("read")
                .setActor("customer")
                .setMarkRead(
                        BusinessMarkRead.newBuilder().setConversationId(PRIVATE).setSeq(2)));
        business.ask(BusinessCommand.newBuilder()
                .setRequestId("profile")
                .setActor("shop")
                .setChangeUsers(ChangeUsers.newBuilder()
                        .addChanges(UserChange.newBuilder()
                                .setUserId("customer")
                                .setPut(PutUser.newBuilder().setDisplayName("Customer")))));
        Origin origin = Origin.newBuilder().setSessionId("session-1").build();
        business.produce(
                Topics.USER_COMMANDS,
                "customer",
                UserCommand.newBuilder()
                        .setUserId("customer")
                        .setChangeSettings(ChangeSettings.newBuilder()
                                .setOrigin(origin)
                                .setConversationId(PRIVATE)
                                .setPinned(true)
                                .setDraft("not sent yet"))
                        .build());
        business.produce(
                Topics.USER_COMMANDS,
                "customer",
                UserCommand.newBuilder()
                        .setUserId("customer")
                        .setChangeProfile(
                                ChangeProfile.newBuilder().setOrigin(origin).setStatus("away"))
                        .build());
        business.produce(
                Topics.USER_COMMANDS,
                "customer",
                UserCommand.newBuilder()
                        .setUserId("customer")
                        .setRegisterPush(RegisterPush.newBuilder()
                                .setOrigin(origin)
                                .setDeviceId("phone")
                                .setChannel("log")
                                .setToken("token"))
                        .build());
    }

    private static UserCommand openSession() {
        return UserCommand.newBuilder()
                .setUserId("customer")
                .setOpenSession(OpenSession.newBuilder()
                        .setSession(Session.newBuilder()
                                .setSessionId("session-1")
                                .setDeviceId("phone")
                                .setPlatform(Platform.IOS)
                                .setGatewaySlot(0)
                                .setGatewayEpoch(1))
                        .setFrameId("1"))
                .build();
    }

    private StreamProcessors startProcessors() {
        StreamProcessors processors = StreamProcessors.start(config());
        await().atMost(TIMEOUT).until(processors::isRunning);
        return processors;
    }

    private BusinessReply ask(String name) {
        return business.ask(BusinessCommand.newBuilder()
                .setRequestId(name)
                .setActor("shop")
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId(PRIVATE)
                        .setClientMsgId(name)
                        .setContent(text(name))));
    }

    private void write(String commandId) {
        business.produce(
                Topics.COMMANDS,
                PRIVATE,
                Command.newBuilder()
                        .setCommandId(commandId)
                        .setConversationId(PRIVATE)
                        .setActor("shop")
                        .setSendMessage(SendMessage.newBuilder()
                                .setClientMsgId(commandId)
                                .setContent(text("hello")))
                        .build());
    }

    private static Content.Builder text(String text) {
        return Content.newBuilder().setText(TextContent.newBuilder().setBody(text));
    }

    /** Returns the values of all stores by changelog, partition and key. The offsets of inbox are others after a rebuild. */
    private SortedMap<String, Bytes> state() {
        SortedMap<String, Bytes> state = new TreeMap<>();
        for (PipelineStage stage : PipelineStage.all(config().layout(), config().storeKind())) {
            if (!REBUILT.contains(stage.name())) {
                continue;
            }
            for (String changelog : stage.changelogs()) {
                Topic<byte[], byte[]> topic = new Topic<>(
                        changelog, Serdes.ByteArray(), Serdes.ByteArray(), Topic.Partitioning.CONVERSATIONS, Map.of());
                business.committed(topic).forEach(record -> {
                    String key = changelog + '-' + record.partition() + ' ' + Arrays.toString(record.key());
                    if (record.value() == null) {
                        state.remove(key);
                    } else {
                        state.put(key, Bytes.wrap(record.value()));
                    }
                });
            }
        }
        state.keySet()
                .removeIf(key -> key.startsWith("tidings-inbox-positions-changelog")
                        && key.endsWith(Arrays.toString(Topics.INBOX.name().getBytes(StandardCharsets.UTF_8))));
        return state;
    }

    /** Returns one line for each key whose value differs. */
    private static List<String> differences(SortedMap<String, Bytes> before, SortedMap<String, Bytes> after) {
        SortedSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(before.get(key), after.get(key)))
                .map(key -> key + ": " + before.get(key) + " then " + after.get(key))
                .toList();
    }

    private Map<String, Long> outputs() {
        Map<String, Long> outputs = new TreeMap<>();
        OUTPUTS.forEach(topic ->
                outputs.put(topic.name(), (long) business.committed(topic).size()));
        return outputs;
    }

    private boolean isRead(String stage, Topic<?, ?> topic) throws Exception {
        KafkaLog log = new KafkaLog(kafka.bootstrapServers(), Map.of());
        var committed = kafka.admin()
                .listConsumerGroupOffsets("tidings-" + stage)
                .partitionsToOffsetAndMetadata()
                .get(60, TimeUnit.SECONDS);
        return IntStream.range(0, log.partitions(topic.name()))
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .allMatch(partition -> {
                    long end = log.end(partition, IsolationLevel.READ_UNCOMMITTED);
                    var position = committed.get(partition);
                    return end == 0 || (position != null && position.offset() >= end);
                });
    }

    private ProcessorsConfig config() {
        return ProcessorsConfig.from(Settings.of(settings()));
    }

    private Map<String, String> settings() {
        return Map.of(
                "kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "processors.store",
                "memory",
                "topics.conversation-partitions",
                "1",
                "topics.user-partitions",
                "2",
                "processors.state-directory",
                directory.resolve("state").toString());
    }
}
