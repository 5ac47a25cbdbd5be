package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.query.GenericRecord;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sinks in the real Connect runtime, against a real broker, Redis and ClickHouse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ConnectWorkerIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int RECENT_EVENTS = 20;

    private Stores stores;
    private Path directory;
    private KafkaProducer<byte[], byte[]> producer;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    void startStores(@TempDir Path temporary) throws Exception {
        directory = temporary;
        stores = Stores.start(temporary);
    }

    @AfterAll
    void stopStores() {
        stores.close();
    }

    @BeforeEach
    void openProducer() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        opened.clear();
        producer.close();
    }

    @Test
    void eventsBecomeRowsAndViewsAnswer() throws Exception {
        startWorker();
        produce(Events.message("g:rows", 1), Events.message("g:rows", 2), Events.message("g:rows", 3));
        produce(Events.read("g:rows", "carol", 1), Events.read("g:rows", "carol", 2));

        awaitNumber(3, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:rows'");
        awaitNumber(2, "SELECT max(read_seq) FROM tidings.reads FINAL WHERE conversation_id = 'g:rows'");

        GenericRecord event = stores.query(
                        "SELECT toString(sent_at) AS sent, kind, actor, body, hex(raw) AS raw_hex, command_id, message_index"
                                + " FROM tidings.events FINAL WHERE conversation_id = 'g:rows' AND seq = 3")
                .getFirst();
        assertEquals("2026-04-01 00:00:00.123", event.getString("sent"));
        assertEquals("message_sent", event.getString("kind"));
        assertEquals("alice", event.getString("actor"));
        assertTrue(event.getString("body").contains("\"seq\":\"3\""));
        assertArrayEquals(
                Events.message("g:rows", 3).toByteArray(),
                HexFormat.of().parseHex(event.getString("raw_hex").toLowerCase(Locale.ROOT)));

        GenericRecord message = stores.query(
                        "SELECT sender, content_type, text, content, version FROM tidings.messages FINAL"
                                + " WHERE conversation_id = 'g:rows' AND seq = 2")
                .getFirst();
        assertEquals("bob", message.getString("sender"));
        assertEquals("text", message.getString("content_type"));
        assertEquals("text 2", message.getString("text"));
        assertEquals("{\"text\":{\"body\":\"text 2\"}}", message.getString("content"));
        assertEquals(2, message.getLong("version"));

        assertEquals(1, stores.number("SELECT messages_behind FROM tidings.read_lag WHERE user_id = 'carol'"));
        assertTrue(stores.number("SELECT active_users FROM tidings.daily_active_users WHERE day = '2026-03-31'") >= 2);
        assertTrue(
                stores.number("SELECT messages FROM tidings.message_volume_by_hour WHERE hour = '2026-04-01 00:00:00'")
                        >= 1);
        assertEquals(
                3,
                stores.number("SELECT messages FROM tidings.conversation_activity"
                        + " WHERE conversation_id = 'g:rows' AND conversation_kind = 'group'"));
        assertTrue(stores.number("SELECT sum(messages) FROM tidings.message_volume_by_content_type"
                        + " WHERE content_type = 'text'")
                >= 3);
    }

    @Test
    void duplicatesAreStoredOnceAndAbortedRecordsAreNotStored() throws Exception {
        startWorker();
        produce(Events.message("g:once", 1));
        produceInTransaction(false, Events.message("g:once", 2), Events.message("g:aborted", 1));
        produceInTransaction(true, Events.message("g:once", 2), Events.message("g:once", 3));
        produce(Events.message("g:once", 1), Events.message("g:once", 2), Events.message("g:once", 3));
        produce(Events.message("g:once", 4));

        awaitNumber(4, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:once'");
        awaitNumber(4, "SELECT count() FROM tidings.messages FINAL WHERE conversation_id = 'g:once'");
        await().atMost(SOON).until(() -> recentSeqs("g:once").equals(List.of(1L, 2L, 3L, 4L)));
        assertEquals(0, stores.number("SELECT count() FROM tidings.events WHERE conversation_id = 'g:aborted'"));
        assertEquals(List.of(), recentSeqs("g:aborted"));
    }

    @Test
    void redisHoldsTheNewestEventsAndTheNewestViews() throws Exception {
        startWorker();
        ConversationEvent[] events = LongStream.rangeClosed(1, 50)
                .mapToObj(seq -> Events.message("g:newest", seq))
                .toArray(ConversationEvent[]::new);
        produce(events);
        produceViews(Events.view("dave", "g:newest", 5), Events.view("dave", "g:other", 6));
        List<Long> newest = LongStream.rangeClosed(31, 50).boxed().toList();
        await().atMost(SOON).until(() -> recentSeqs("g:newest").equals(newest));
        await().atMost(SOON).until(() -> storedVersions("dave").equals(Map.of("g:newest", 5L, "g:other", 6L)));

        // redelivers an old batch, as after a crash; the last record shows that it was processed
        produce(Events.message("g:newest", 1), Events.message("g:newest", 2), Events.message("g:newest", 51));
        produceViews(Events.view("dave", "g:newest", 4), Events.view("dave", "g:other", 7));
        assertEquals(RECENT_EVENTS, newest.size());
        await().atMost(SOON)
                .until(() -> recentSeqs("g:newest")
                        .equals(LongStream.rangeClosed(32, 51).boxed().toList()));
        await().atMost(SOON).until(() -> storedVersions("dave").equals(Map.of("g:newest", 5L, "g:other", 7L)));
    }

    @Test
    void moderationCasesBecomeRows() throws Exception {
        startWorker();
        ModerationCase found = ModerationCase.newBuilder()
                .setConversationId("g:case")
                .setSeq(2)
                .setMessageSeq(2)
                .setSender("alice")
                .addFindings(Finding.newBuilder()
                        .setKind(Finding.Kind.WORD)
                        .setMatch("darn")
                        .setAction(ModerationAction.FLAG))
                .build();
        send(Topics.MODERATION.name(), "g:case", found.toByteArray());
        send(Topics.MODERATION.name(), "g:case", found.toByteArray());
        awaitNumber(
                1,
                "SELECT count() FROM tidings.moderation_cases FINAL"
                        + " WHERE conversation_id = 'g:case' AND finding_values = ['darn']");
    }

    @Test
    void unreadableRecordsBecomeDeadLettersAndStopNothing() throws Exception {
        ConnectWorker worker = startWorker();
        byte[] bad = {(byte) 0xff, 1, 2, 3};
        produce(Events.message("g:bad", 1));
        send(Topics.CONVERSATION_EVENTS.name(), "g:bad", bad);
        producer.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(), "g:bad".getBytes(StandardCharsets.UTF_8), null))
                .get();
        produce(Events.message("g:bad", 2));

        awaitNumber(2, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:bad'");
        await().atMost(SOON).until(() -> recentSeqs("g:bad").equals(List.of(1L, 2L)));
        await().atMost(SOON).until(worker::isHealthy);
        // each of the two sinks writes one
        await().atMost(SOON)
                .until(() -> deadLetters().stream()
                                .filter(letter -> Arrays.equals(letter.value(), bad))
                                .count()
                        == 2);
        ConsumerRecord<byte[], byte[]> letter = deadLetters().getFirst();
        assertEquals(
                Topics.CONVERSATION_EVENTS.name(),
                new String(letter.headers().lastHeader("__connect.errors.topic").value(), StandardCharsets.UTF_8));
    }

    @Test
    void aRowThatClickHouseRejectsIsReportedAndOthersAreStored() throws Exception {
        startWorker();
        produce(Events.message("g:refused", 1));
        awaitNumber(1, "SELECT count() FROM tidings.messages FINAL WHERE conversation_id = 'g:refused'");
        stores.execute("ALTER TABLE tidings.messages ADD CONSTRAINT no_seven CHECK"
                + " NOT (conversation_id = 'g:refused' AND seq = 7)");
        try {
            produce(LongStream.rangeClosed(2, 12)
                    .mapToObj(seq -> Events.message("g:refused", seq))
                    .toArray(ConversationEvent[]::new));
            awaitNumber(12, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:refused'");
            awaitNumber(11, "SELECT count() FROM tidings.messages FINAL WHERE conversation_id = 'g:refused'");
            byte[] refused = Events.message("g:refused", 7).toByteArray();
            await().atMost(SOON)
                    .until(() -> deadLetters().stream().anyMatch(letter -> Arrays.equals(letter.value(), refused)));
        } finally {
            stores.execute("ALTER TABLE tidings.messages DROP CONSTRAINT no_seven");
        }
    }

    @Test
    void twoWorkersShareThePartitionsAndAKilledOneIsReplaced() throws Exception {
        Process killed = ConnectWorkerProcess.start(stores.settings(), directory.resolve("worker.log"));
        opened.add(killed::destroyForcibly);
        startWorker();
        awaitMembers(2);

        int conversations = 40;
        int perConversation = 25;
        for (int seq = 1; seq <= perConversation; seq++) {
            for (int c = 0; c < conversations; c++) {
                ConversationEvent event = Events.message("g:killed-" + c, seq);
                var _ = producer.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(),
                        event.getConversationId().getBytes(StandardCharsets.UTF_8),
                        event.toByteArray()));
            }
            if (seq == perConversation / 2) {
                producer.flush();
                killed.destroyForcibly().waitFor();
            }
        }
        producer.flush();

        awaitNumber(
                (long) conversations * perConversation,
                "SELECT count() FROM tidings.events FINAL WHERE startsWith(conversation_id, 'g:killed-')");
        await().atMost(SOON)
                .until(() -> LongStream.range(0, conversations)
                        .allMatch(c -> recentSeqs("g:killed-" + c).size() == RECENT_EVENTS));
        assertEquals(
                0,
                stores.number(
                        "SELECT count() FROM tidings.sequence_gaps WHERE startsWith(conversation_id, 'g:killed-')"));
    }

    @Test
    void sinksContinueAfterRedisWasStopped() throws Exception {
        ConnectWorker worker = startWorker();
        produce(Events.message("g:away", 1));
        await().atMost(SOON).until(() -> recentSeqs("g:away").equals(List.of(1L)));
        stores.stopRedis();
        produce(Events.message("g:away", 2));
        awaitNumber(2, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:away'");
        stores.startRedisWhereItWas();
        produce(Events.message("g:away", 3));
        await().atMost(SOON).until(() -> {
            List<Long> seqs = recentSeqs("g:away");
            return seqs.containsAll(List.of(2L, 3L));
        });
        await().atMost(SOON).until(worker::isHealthy);
    }

    @Test
    void sinksContinueAfterClickHouseWasStopped() throws Exception {
        startWorker();
        produce(Events.message("g:gone", 1));
        awaitNumber(1, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:gone'");
        stores.stopClickHouse();
        produce(Events.message("g:gone", 2));
        await().atMost(SOON).until(() -> recentSeqs("g:gone").equals(List.of(1L, 2L)));
        closeAll();
        openProducer();

        // this worker starts while ClickHouse is stopped
        ConnectWorker second = startWorker();
        produce(Events.message("g:gone", 3));
        await().atMost(SOON).until(() -> recentSeqs("g:gone").equals(List.of(1L, 2L, 3L)));
        stores.startClickHouseWhereItWas();
        awaitNumber(3, "SELECT count() FROM tidings.events FINAL WHERE conversation_id = 'g:gone'");
        assertEquals(List.of(), second.failures());
    }

    @Test
    void aChangedMigrationIsRejectedUntilItIsRestored() throws Exception {
        startWorker();
        awaitNumber(1, "SELECT count() FROM tidings.schema_migrations FINAL WHERE version = 1");
        closeAll();
        openProducer();
        String checksum = stores.query("SELECT checksum FROM tidings.schema_migrations FINAL WHERE version = 1")
                .getFirst()
                .getString(1);
        recordChecksum("something else");

        ConnectWorker worker = startWorker();
        await().atMost(SOON).until(() -> !worker.failures().isEmpty());
        assertFalse(worker.isHealthy());
        FailedPart failed = worker.failures().getFirst();
        assertEquals(Connectors.CLICKHOUSE, failed.connector());
        assertTrue(
                failed.reason().contains("V001__events_messages_reads was changed after it had been applied"),
                failed::reason);

        recordChecksum(checksum);
        await().atMost(SOON).until(worker::isHealthy);
    }

    @Test
    void aPlannedStopLeavesTheGroupsWithoutWaitingForASessionTimeout() throws Exception {
        ConnectWorker worker = startWorker();
        await().atMost(SOON).until(worker::isHealthy);
        awaitMembers(1);

        worker.close();

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stores.bootstrapServers()))) {
            for (String connector : Set.of(Connectors.CLICKHOUSE, Connectors.REDIS)) {
                assertEquals(0, membersWithWork(admin, "connect-" + connector));
            }
        }
    }

    private ConnectWorker startWorker() {
        ConnectWorker worker = ConnectWorker.start(ConnectorsConfig.from(Settings.of(stores.settings())));
        opened.add(worker);
        return worker;
    }

    private void recordChecksum(String checksum) throws Exception {
        stores.execute("INSERT INTO tidings.schema_migrations (version, name, checksum) VALUES (1, 'test', '" + checksum
                + "')");
    }

    private void produce(ConversationEvent... events) throws Exception {
        for (ConversationEvent event : events) {
            send(Topics.CONVERSATION_EVENTS.name(), event.getConversationId(), event.toByteArray());
        }
    }

    private void produceViews(UserEvent... events) throws Exception {
        for (UserEvent event : events) {
            send(Topics.USER_EVENTS.name(), event.getUserId(), event.toByteArray());
        }
    }

    private void send(String topic, String key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    private void produceInTransaction(boolean commit, ConversationEvent... events) {
        try (KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers(), "transactional.id", "test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            for (ConversationEvent event : events) {
                var _ = transactional.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(),
                        event.getConversationId().getBytes(StandardCharsets.UTF_8),
                        event.toByteArray()));
            }
            transactional.flush();
            if (commit) {
                transactional.commitTransaction();
            } else {
                transactional.abortTransaction();
            }
        }
    }

    private void awaitNumber(long expected, String sql) {
        await().atMost(SOON).until(() -> stores.number(sql), number -> number == expected);
    }

    /** Waits until the group of each sink has this many members with partitions. */
    private void awaitMembers(int members) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stores.bootstrapServers()))) {
            for (String connector : Set.of(Connectors.CLICKHOUSE, Connectors.REDIS)) {
                String group = "connect-" + connector;
                await().atMost(SOON).ignoreExceptions().until(() -> membersWithWork(admin, group) == members);
            }
        }
    }

    private static long membersWithWork(Admin admin, String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeConsumerGroups(List.of(group)).all().get(60, TimeUnit.SECONDS).values().stream()
                .flatMap(description -> description.members().stream())
                .map(MemberDescription::assignment)
                .filter(assignment -> !assignment.topicPartitions().isEmpty())
                .count();
    }

    private List<Long> recentSeqs(String conversationId) {
        return stores.sortedSet(RedisKeys.recentEvents(conversationId)).stream()
                .map(bytes -> {
                    try {
                        return ConversationEvent.parseFrom(bytes).getSeq();
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private Map<String, Long> storedVersions(String userId) throws Exception {
        Map<String, Long> versions = new HashMap<>();
        for (Map.Entry<String, byte[]> view :
                stores.hash(RedisKeys.views(userId)).entrySet()) {
            versions.put(
                    view.getKey(), ConversationView.parseFrom(view.getValue()).getVersion());
        }
        return versions;
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
            while (consumer.position(partition) < end) {
                letters.addAll(consumer.poll(Duration.ofMillis(100)).records(partition));
            }
            return letters;
        }
    }
}
