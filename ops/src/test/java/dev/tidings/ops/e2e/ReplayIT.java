package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidings replay} computes the events of a running system again, and finds an event that was changed. */
class ReplayIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 2;
    private static final String PAIR = "p:alice:bob";
    private static final String ORDERS = "p:alice:shop";

    /** Ten messages and two read positions of two users; three messages of a shop. */
    private static final int EVENTS = 15;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path copyData;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path scratch;

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    @SuppressWarnings("NullAway.Init") // by start()
    private static KafkaLog log;

    @BeforeAll
    static void start() throws Exception {
        log = KafkaLog.of(tidings.settings());
        usersExchangeMessages();
        aShopWrites();
        await().atMost(TIMEOUT).until(() -> replay().get("eventsCompared").getAsLong() >= EVENTS);
    }

    @Test
    void a_replay_computes_the_recorded_events_byte_for_byte() throws Exception {
        CommandLineRun run = run(
                tidings.bootstrapServers(),
                "--out",
                scratch.resolve("report.json").toString());

        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        assertTrue(run.out().contains("byte for byte"), run.out());
        JsonObject report = JsonParser.parseString(Files.readString(scratch.resolve("report.json")))
                .getAsJsonObject();
        assertEquals(
                report.get("eventsCompared").getAsLong(), report.get("equal").getAsLong());
        assertTrue(
                report.get("commandsReplayed").getAsLong() > report.get("equal").getAsLong(), report::toString);
    }

    @Test
    void one_conversation_is_replayed_alone() throws Exception {
        assertEquals(3, replay("--conversation", ORDERS).get("equal").getAsLong());
        assertEquals(12, replay("--conversation", PAIR).get("equal").getAsLong());
    }

    @Test
    void a_range_is_compared_alone() throws Exception {
        assertEquals(
                2, replay("--conversation", ORDERS, "--limit", "2").get("equal").getAsLong());
        assertEquals(0, replay("--from", "1000000").get("equal").getAsLong());
    }

    @Test
    void a_replay_of_a_live_log_ignores_commands_that_are_not_decided_yet() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread sender = Thread.ofVirtual().start(() -> {
            try (KafkaLog.Appender appender = log.appender()) {
                for (int i = 0; !enough.get(); i++) {
                    appender.append(order("carol", "while" + i));
                    LockSupport.parkNanos(PAUSE_NANOS); // or the log grows faster than it is replayed
                }
            }
        });
        try {
            for (int i = 0; i < 3; i++) {
                CommandLineRun run = run(tidings.bootstrapServers());
                assertEquals(0, run.exitCode(), () -> run.out() + run.err());
            }
        } finally {
            enough.set(true);
            sender.join();
        }
    }

    @Test
    void a_replay_finds_a_changed_event_and_rejects_a_log_without_its_beginning() throws Exception {
        try (EmbeddedKafka copy = EmbeddedKafka.start(copyData, 0)) {
            String servers = copy.bootstrapServers();
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers))) {
                copyTo(servers, admin, ReplayIT::tampered);
                CommandLineRun unknown = run(servers);
                decideAll(servers, admin);
                CommandLineRun found = run(servers);
                admin.deleteRecords(Map.of(commands(0), RecordsToDelete.beforeOffset(1)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
                CommandLineRun gone = run(servers, "--partition", "0");

                assertEquals(2, unknown.exitCode(), unknown::toString);
                assertTrue(unknown.err().contains("has no committed offset in tidings.commands-"), unknown.err());
                assertEquals(1, found.exitCode(), found::toString);
                assertTrue(found.out().contains("different: partition "), found.out());
                assertTrue(found.out().contains("number 3, as it never was"), found.out());
                assertTrue(found.out().lines().anyMatch(line -> line.matches("different +1")), found.out());
                assertEquals(2, gone.exitCode(), gone::toString);
                assertTrue(
                        gone.err().contains("tidings.commands-0 begins at offset 1: earlier records are deleted"),
                        gone.err());
            }
        }
    }

    private static void usersExchangeMessages() {
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO);
                ChatClient bob = ChatClient.signedIn(tidings.url(), "bob", "phone", Subprotocol.JSON)) {
            for (int i = 1; i <= 10; i++) {
                ChatClient sender = i % 2 == 0 ? alice : bob;
                sender.request(ChatClient.text(PAIR, "m" + i, "number " + i), ServerFrame::hasSequenced);
            }
            alice.request(ChatClient.text(PAIR, "m2", "again"), ServerFrame::hasSequenced);
            alice.request(ChatClient.text("g:unknown", "m1", "refused"), ServerFrame::hasRefused);
            bob.send(read(4));
            bob.send(read(9));
            bob.send(read(9));
            alice.awaitFrame(frame -> frame.hasEvents()
                    && frame.getEvents().getEvents(0).getReadAdvanced().getReadSeq() == 9);
        }
    }

    private static void aShopWrites() {
        try (KafkaLog.Appender appender = log.appender()) {
            for (String id : List.of("o1", "o2", "o2", "o3")) {
                appender.append(order("alice", id));
            }
        }
    }

    private static ClientFrame.Builder read(long seq) {
        return ClientFrame.newBuilder()
                .setMarkRead(MarkConversationRead.newBuilder()
                        .setConversationId(PAIR)
                        .setSeq(seq));
    }

    private static ProducerRecord<byte[], byte[]> order(String to, String id) {
        byte[] value = ("{\"requestId\":\"" + id + "\",\"actor\":\"shop\",\"sendMessage\":{\"conversationId\":\"p:" + to
                        + ":shop\",\"clientMsgId\":\"" + id + "\",\"content\":{\"text\":{\"body\":\"order " + id
                        + "\"}}}}")
                .getBytes(UTF_8);
        return new ProducerRecord<>(
                Topics.BUSINESS.name(),
                0,
                null,
                null,
                value,
                new RecordHeaders().add("source", "shop".getBytes(UTF_8)).add("traceparent", id.getBytes(UTF_8)));
    }

    /** Changes the text of one message. */
    private static byte[] tampered(byte[] value) {
        try {
            ConversationEvent.Builder event = ConversationEvent.parseFrom(value).toBuilder();
            if (event.getMessageSent().getContent().getText().getBody().equals("number 3")) {
                event.getMessageSentBuilder()
                        .getContentBuilder()
                        .getTextBuilder()
                        .setBody("number 3, as it never was");
            }
            return event.build().toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies the log to another cluster with the timestamps of its records. */
    private static void copyTo(String servers, Admin admin, UnaryOperator<byte[]> ofEvents) throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(Topics.COMMANDS.name(), PARTITIONS, (short) 1),
                        new NewTopic(Topics.CONVERSATION_EVENTS.name(), PARTITIONS, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        try (KafkaLog.Appender appender = new KafkaLog(servers, Map.of()).appender()) {
            for (int i = 0; i < PARTITIONS; i++) {
                copy(commands(i), IsolationLevel.READ_UNCOMMITTED, UnaryOperator.identity(), appender);
                TopicPartition events = new TopicPartition(Topics.CONVERSATION_EVENTS.name(), i);
                copy(events, IsolationLevel.READ_COMMITTED, ofEvents, appender);
            }
        }
    }

    private static void copy(
            TopicPartition partition, IsolationLevel isolation, UnaryOperator<byte[]> change, KafkaLog.Appender to) {
        try (PartitionReader reader = log.read(partition, 0, log.end(partition, isolation), isolation)) {
            for (var record = reader.next(); record != null; record = reader.next()) {
                to.append(new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        change.apply(record.value()),
                        record.headers()));
            }
        }
    }

    /** Commits offsets as the topology does after it has decided every command. */
    private static void decideAll(String servers, Admin admin) throws Exception {
        KafkaLog copy = new KafkaLog(servers, Map.of());
        for (int i = 0; i < PARTITIONS; i++) {
            long end = copy.end(commands(i), IsolationLevel.READ_UNCOMMITTED);
            admin.alterConsumerGroupOffsets("tidings-conversation", Map.of(commands(i), new OffsetAndMetadata(end)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static TopicPartition commands(int partition) {
        return new TopicPartition(Topics.COMMANDS.name(), partition);
    }

    private static JsonObject replay(String... options) throws IOException {
        Path report = Files.createTempFile(scratch, "report", ".json");
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("--out", report.toString()));
        CommandLineRun run = run(tidings.bootstrapServers(), words.toArray(String[]::new));
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        return JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    }

    private static CommandLineRun run(String servers, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("replay"));
        words.addAll(List.of(options));
        return CommandLineRun.of(
                scratch,
                Map.of(
                        "kafka.bootstrap-servers",
                        servers,
                        "topics.conversation-partitions",
                        Integer.toString(PARTITIONS)),
                words);
    }
}
