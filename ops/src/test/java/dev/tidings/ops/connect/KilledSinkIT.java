package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.ops.cli.Tidings;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.verify.ScheduledVerification;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationEvent;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Connect workers are killed with SIGKILL at random points while they write a filled topic. Then ClickHouse holds exactly the log, and
 * {@code tidings verify} finds injected damage and nothing else. The log and the points are random: the test prints its seed; {@code
 * -Dtidings.seed=<seed>} repeats them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(1_800)
class KilledSinkIT {

    /** More with {@code -Psoak}. */
    private static final int EVENTS = Integer.getInteger("tidings.sink.events", 20_000);

    private static final int KILLS = Integer.getInteger("tidings.sink.kills", 2);
    private static final int CONVERSATIONS = 200;
    private static final String PREFIX = "g:log-";
    private static final Duration SOON = Duration.ofSeconds(600);

    private final long seed = Long.getLong("tidings.seed", new Random().nextLong());
    private final List<String> damaged =
            IntStream.range(0, 5).mapToObj(i -> "g:damaged-" + i).toList();
    private final GeneratedLog log = new GeneratedLog(seed, conversations());
    private Stores stores;
    private Path directory;

    @BeforeAll
    void fillWhileWorkersAreKilled(@TempDir Path temporary) throws Exception {
        System.out.println("tidings.seed=" + seed);
        directory = temporary;
        stores = Stores.start(temporary);
        produce();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            long rows = (long) (log.sequenced() * ((kill + random.nextDouble()) / KILLS));
            Process worker = startWorker();
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !worker.isAlive() || stores.number("SELECT count() FROM tidings.events") >= rows);
            assertTrue(worker.isAlive(), this::workerLog);
            worker.destroyForcibly().waitFor();
        }
        Process last = startWorker();
        await().atMost(SOON).until(() -> !last.isAlive() || isCommitted());
        assertTrue(last.isAlive(), this::workerLog);
        last.destroyForcibly().waitFor();
    }

    @AfterAll
    void stopStores() {
        stores.close();
    }

    @Test
    void every_row_is_stored_exactly_once() {
        assertEquals(log.events(PREFIX), digest("events", "conversation_id", "toString(seq)", "toString(CRC32(raw))"));
        assertEquals(
                log.messages(PREFIX),
                digest(
                        "messages",
                        "conversation_id",
                        "toString(seq)",
                        "sender",
                        "text",
                        "toString(version)",
                        "toString(recalled)"));
        assertEquals(log.reads(PREFIX), digest("reads", "conversation_id", "user_id", "toString(read_seq)"));
        assertEquals(
                log.reactions(PREFIX),
                digest("reactions", "conversation_id", "toString(seq)", "toString(removed)", "toString(version)"));
    }

    @Test
    void verify_finds_damage_and_nothing_else() throws Exception {
        StringWriter before = new StringWriter();
        assertEquals(0, verify(before), before::toString);
        assertTrue(before.toString().contains("All copies are equal to the log."), before::toString);

        long lost = log.lastSeq(damaged.get(4));
        stores.execute("ALTER TABLE tidings.events DELETE WHERE conversation_id = 'g:damaged-0' AND seq IN (2, 3, 5)"
                + " SETTINGS mutations_sync = 2");
        stores.execute("ALTER TABLE tidings.events UPDATE raw = 'x' WHERE conversation_id = 'g:damaged-1' AND seq = 2"
                + " SETTINGS mutations_sync = 2");
        stores.execute("INSERT INTO tidings.events (conversation_id, seq, raw)"
                + " VALUES ('g:damaged-2', 1000000, 'x'), ('g:unknown', 7, 'x')");
        stores.execute("ALTER TABLE tidings.messages DELETE WHERE conversation_id = 'g:damaged-3' AND seq = 1"
                + " SETTINGS mutations_sync = 2");
        stores.removeFromSortedSet(RedisKeys.recentEvents(damaged.get(4)), lost);

        StringWriter after = new StringWriter();
        assertEquals(1, verify(after), after::toString);
        assertEquals(
                List.of(
                        "clickhouse events different g:damaged-1 seq 2",
                        "clickhouse events extra g:damaged-2 seq 1000000",
                        "clickhouse events extra g:unknown seq 7",
                        "clickhouse events missing g:damaged-0 seq 2-3",
                        "clickhouse events missing g:damaged-0 seq 5",
                        "clickhouse messages missing g:damaged-3 seq 1",
                        "redis missing g:damaged-4 seq " + lost),
                after.toString()
                        .lines()
                        .takeWhile(line -> !line.isEmpty())
                        .map(line -> line.replaceAll(" +", " "))
                        .sorted()
                        .toList());

        assertEquals(
                Map.of("log", 0.0, "clickhouse events", 5.0, "clickhouse messages", 1.0, "redis", 1.0),
                foundBySchedule());

        rebuild();
        StringWriter rebuilt = new StringWriter();
        assertEquals(0, verify(rebuilt), rebuilt::toString);
    }

    /** Returns the discrepancies that two windows of half the log find, by store. */
    private Map<String, Double> foundBySchedule() {
        Map<String, String> values = new HashMap<>(stores.settings());
        values.put("connectors.verify.interval-minutes", "0");
        values.put("connectors.verify.records-per-run", Integer.toString(EVENTS / 2));
        Settings settings = Settings.of(values);
        try (ScheduledVerification verification =
                ScheduledVerification.start(settings, ConnectorsConfig.from(settings))) {
            verification.run();
            Map<String, Double> found = new HashMap<>();
            verification.metrics().collect().stream()
                    .filter(metric -> metric.getMetadata().getName().equals("tidings_connectors_verify_discrepancies"))
                    .flatMap(metric -> metric.getDataPoints().stream())
                    .forEach(point -> found.put(
                            point.getLabels().get("store"),
                            ((CounterSnapshot.CounterDataPointSnapshot) point).getValue()));
            return found;
        }
    }

    /** Empties both copies and lets a worker fill them again. */
    private void rebuild() throws Exception {
        Path config = config();
        // a killed worker is a member until its session ends
        await().atMost(SOON)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> Tidings.commandLine()
                                .setErr(new PrintWriter(Writer.nullWriter()))
                                .execute("rebuild", "redis", "clickhouse", "--config", config.toString())
                        == 0);
        assertEquals(0, stores.number("SELECT count() FROM tidings.events"));
        Process worker = startWorker();
        await().atMost(SOON).until(() -> !worker.isAlive() || isCommitted());
        assertTrue(worker.isAlive(), this::workerLog);
        worker.destroyForcibly().waitFor();
    }

    private static List<String> conversations() {
        List<String> conversations = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            conversations.add(PREFIX + i);
        }
        for (int i = 0; i < 5; i++) {
            conversations.add("g:damaged-" + i);
        }
        return conversations;
    }

    private void produce() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                ProducerSettings.durable(Map.of("bootstrap.servers", stores.bootstrapServers(), "linger.ms", "20")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < EVENTS; i++) {
                ConversationEvent event = log.next();
                var _ = producer.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(),
                        event.getConversationId().getBytes(StandardCharsets.UTF_8),
                        event.toByteArray()));
            }
        }
    }

    /** A restarted worker with the same instance id gets the partitions of the killed one without waiting for its session. */
    private Process startWorker() throws Exception {
        Map<String, String> settings = new HashMap<>(stores.settings());
        settings.put("kafka.client.group.instance.id", "killed");
        return ConnectWorkerProcess.start(settings, directory.resolve("worker.log"));
    }

    private String workerLog() {
        try {
            return Files.readString(directory.resolve("worker.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean isCommitted() {
        KafkaLog kafka = new KafkaLog(stores.bootstrapServers(), Map.of());
        return IntStream.range(0, Stores.PARTITIONS)
                .mapToObj(number -> new TopicPartition(Topics.CONVERSATION_EVENTS.name(), number))
                .allMatch(partition -> {
                    Long end = kafka.end(partition, IsolationLevel.READ_COMMITTED);
                    return end.equals(kafka.committedByConsumers(SinkGroups.CLICKHOUSE, partition))
                            && end.equals(kafka.committedByConsumers(SinkGroups.REDIS, partition));
                });
    }

    private GeneratedLog.Digest digest(String table, String... columns) {
        GenericRecord row =
                stores.query(GeneratedLog.Digest.query(table, PREFIX, columns)).getFirst();
        return new GeneratedLog.Digest(Long.parseLong(row.getString(1)), Long.parseLong(row.getString(2)));
    }

    private Path config() throws IOException {
        return Files.writeString(
                directory.resolve("tidings.properties"),
                stores.settings().entrySet().stream()
                        .map(setting -> setting.getKey() + '=' + setting.getValue())
                        .collect(Collectors.joining("\n")));
    }

    private int verify(StringWriter out) throws Exception {
        Path config = config();
        CommandLine commandLine = Tidings.commandLine().setOut(new PrintWriter(out, true));
        return commandLine.execute("verify", "--config", config.toString());
    }
}
