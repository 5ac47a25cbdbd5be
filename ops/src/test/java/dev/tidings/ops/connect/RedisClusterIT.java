package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.directory.CachedDirectory;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.gateway.token.RedisUsedTokens;
import dev.tidings.ops.embedded.RedisCluster;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.rebuild.ReadModelRebuild;
import dev.tidings.ops.verify.Verification;
import dev.tidings.ops.verify.VerificationReport;
import dev.tidings.ops.verify.VerificationReport.PartitionResult;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sinks, the readers of a gateway, {@code verify} and {@code rebuild} on a real Redis Cluster of three servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
class RedisClusterIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int CONVERSATIONS = 24;
    private static final int EVENTS = 12;

    private Stores stores;
    private RedisCluster cluster;
    private Settings settings;
    private ReadModels readModels;
    private HistoryStores historyStores;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        stores = Stores.start(directory);
        cluster = RedisCluster.start(directory);
        settings = Settings.of(stores.settings()).with(Map.of("redis.url", cluster.url()));
        readModels = new ReadModels(ReadModelConfig.from(settings));
        historyStores = new HistoryStores(readModels);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int c = 0; c < CONVERSATIONS; c++) {
            String id = conversation(c);
            for (int seq = 1; seq < EVENTS; seq++) {
                sent.add(send(
                        Topics.CONVERSATION_EVENTS.name(),
                        id,
                        Events.message(id, seq).toByteArray()));
            }
            sent.add(send(
                    Topics.CONVERSATION_EVENTS.name(),
                    id,
                    Events.edit(id, EVENTS, 1).toByteArray()));
            sent.add(send(
                    Topics.USER_EVENTS.name(), user(c), deletion(user(c), id).toByteArray()));
            sent.add(send(Topics.DIRECTORY.name(), user(c), profile(user(c)).toByteArray()));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    @AfterAll
    void stop() {
        producer.close();
        readModels.close();
        cluster.close();
        stores.close();
    }

    @Test
    @Order(1)
    void all_servers_hold_keys_and_readers_and_verify_find_all_of_them() {
        try (ConnectWorker worker = startWorker()) {
            awaitEqualCopies();
            // recent events, changes, views, deleted events and profile
            await().atMost(SOON).until(() -> keys() == 5 * CONVERSATIONS);
            assertTrue(worker.isHealthy());
        }

        cluster.keys().forEach(keys -> assertTrue(keys > 0, () -> "keys by server: " + cluster.keys()));
        for (int c = 0; c < CONVERSATIONS; c++) {
            HistoryRange read = history(c);
            assertTrue(read.complete());
            assertEquals(EVENTS, read.events().size());
            assertEquals(
                    EVENTS, read.events().getFirst().getMessageSent().getState().getEditedSeq());
            assertEquals(
                    List.of(new SeqSpan(2, 3)), historyStores.deletedEvents().find(user(c), conversation(c)));
        }
        assertTrue(CachedDirectory.of(readModels)
                .read(Set.of(user(1), user(2), user(3)))
                .complete());
        RedisUsedTokens tokens = new RedisUsedTokens(readModels.redis());
        assertTrue(tokens.use("token", Duration.ofMinutes(1)));
        assertFalse(tokens.use("token", Duration.ofMinutes(1)));
    }

    @Test
    @Order(2)
    void a_rebuilt_cluster_without_one_server_hides_nothing_and_takes_everything_when_it_is_whole() throws Exception {
        long deleted = new ReadModelRebuild(settings, ConnectorsConfig.from(settings)).redis();

        // deleted events and the used token stay
        assertEquals(4 * CONVERSATIONS, deleted);
        assertEquals(CONVERSATIONS + 1, keys());
        try (ConnectWorker worker = startWorker()) {
            awaitEqualCopies();
            cluster.stopServer(0);
            IntStream.range(0, CONVERSATIONS).forEach(c -> assertTrue(history(c).complete()));
            for (int c = 0; c < CONVERSATIONS; c++) {
                send(
                                Topics.CONVERSATION_EVENTS.name(),
                                conversation(c),
                                Events.message(conversation(c), EVENTS + 1).toByteArray())
                        .get();
            }
            await().atMost(SOON)
                    .until(() -> stores.number("SELECT count() FROM tidings.events FINAL WHERE seq = " + (EVENTS + 1))
                            == CONVERSATIONS);
            cluster.restartServer(0);
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> compared(verification()) == (long) CONVERSATIONS * (EVENTS + 1));
            assertTrue(verification().isEqual());
            await().atMost(SOON).until(worker::isHealthy);
        }
    }

    private void awaitEqualCopies() {
        await().atMost(SOON).ignoreExceptions().until(() -> compared(verification()) == (long) CONVERSATIONS * EVENTS);
        VerificationReport report = verification();
        assertEquals(List.of(), report.discrepancies());
    }

    private final List<PartitionResult> results = new ArrayList<>();

    private VerificationReport verification() {
        results.clear();
        return new Verification(KafkaLog.of(settings), ConnectorsConfig.from(settings)).run(Set.of(), 1, results::add);
    }

    /** Returns the number of events that the log, ClickHouse and Redis have. */
    private long compared(VerificationReport report) {
        return report.isEqual()
                ? results.stream().mapToLong(PartitionResult::recentEvents).sum()
                : -1;
    }

    private HistoryRange history(int number) {
        return historyStores.history(System::currentTimeMillis).read(conversation(number), 1, EVENTS, EVENTS);
    }

    private long keys() {
        return cluster.keys().stream().mapToLong(keys -> keys).sum();
    }

    private ConnectWorker startWorker() {
        return ConnectWorker.start(ConnectorsConfig.from(settings));
    }

    private Future<RecordMetadata> send(String topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    private static String conversation(int number) {
        return "g:cluster-" + number;
    }

    private static String user(int number) {
        return "user-" + number;
    }

    private static UserEvent deletion(String userId, String conversationId) {
        return UserEvent.newBuilder()
                .setUserId(userId)
                .setViewChanged(ConversationView.newBuilder()
                        .setConversationId(conversationId)
                        .setVersion(1)
                        .addDeleted(SeqRange.newBuilder().setFromSeq(2).setToSeq(3)))
                .build();
    }

    private static UserProfile profile(String userId) {
        return UserProfile.newBuilder()
                .setUserId(userId)
                .setDisplayName("User of a cluster")
                .setVersion(1)
                .build();
    }
}
