package dev.tidings.ops.bench.restore;

import dev.tidings.ops.bench.measure.TopicTraffic;
import dev.tidings.ops.bench.measure.TopicTraffic.Volume;
import dev.tidings.ops.bench.measure.TopicTrafficReader;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.schemas.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends messages through the topologies, stops them, starts them with an empty state directory, and measures until they have
 * restored their state and reply again.
 */
public final class RestoreRun {

    private static final String CHANGELOG = "-changelog";
    private static final String VIEWS = "tidings-inbox-views" + CHANGELOG;

    /** As in the all-in-one. */
    private static final String PARTITIONS = "2";

    /** Nothing was written for so long: the topologies have processed and committed all records. */
    private static final long SETTLED_MILLIS = 2_000;

    private static final long POLL_MILLIS = 20;
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final double NANOS_PER_SECOND = 1e9;

    private final GeneratedConversations conversations;
    private final StateStore.Kind store;
    private final Consumer<String> progress;

    /**
     * @param conversations at least 1,000, divisible by 10
     * @param store where the topologies keep their state. Memory needs a heap for all of it
     * @param progress receives one line for each step
     * @throws IllegalArgumentException if the number of conversations is not allowed
     */
    public RestoreRun(int conversations, StateStore.Kind store, Consumer<String> progress) {
        this.conversations = new GeneratedConversations(conversations);
        this.store = store;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param directory for the data of the broker and of the topologies
     * @throws IllegalStateException if the topologies write nothing for 2 minutes although messages wait, do not reply within 2
     *     minutes after the restore, or reply as if state were missing
     */
    public RestoreResult measure(Path directory) throws InterruptedException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ProcessorsConfig config = config(kafka.bootstrapServers(), directory.resolve("first-state"));
            TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), config.layout());
            TopicTrafficReader traffic = new TopicTrafficReader(admin);
            try (StreamProcessors processors = StreamProcessors.start(config)) {
                fill(kafka.bootstrapServers());
                progress.accept("sent " + conversations.count() + " messages");
                awaitSettled(traffic, processors);
            }
            TopicTraffic state = traffic.read();
            progress.accept("state is filled and topologies have stopped");
            return restore(config.withStateDirectory(directory.resolve("restored-state")), changelogs(state));
        }
    }

    private RestoreResult restore(ProcessorsConfig config, Map<String, Volume> changelogs) throws InterruptedException {
        try (FirstReplies replies = new FirstReplies(config, conversations)) {
            replies.request();
            long start = System.nanoTime();
            long running = 0;
            try (StreamProcessors processors = StreamProcessors.start(config)) {
                while (running == 0 || !replies.areComplete()) {
                    replies.poll(POLL_MILLIS);
                    long now = System.nanoTime();
                    if (running == 0 && processors.isRunning()) {
                        running = now;
                        progress.accept("all topologies run");
                    }
                    if (running > 0 && now - running > TIMEOUT_NANOS) {
                        throw new IllegalStateException(
                                "the topologies run and have not replied within 2 minutes: " + replies);
                    }
                    if (processors.threadDeaths() > 0) {
                        throw new IllegalStateException("a thread has died: " + processors.faults());
                    }
                }
                return new RestoreResult(
                        conversations.count(),
                        conversations.users(),
                        store.name().toLowerCase(Locale.ROOT),
                        changelogs,
                        (running - start) / NANOS_PER_SECOND,
                        (System.nanoTime() - start) / NANOS_PER_SECOND);
            }
        }
    }

    private ProcessorsConfig config(String bootstrapServers, Path stateDirectory) {
        return ProcessorsConfig.from(Settings.of(Map.of(
                "kafka.bootstrap-servers",
                bootstrapServers,
                "topics.conversation-partitions",
                PARTITIONS,
                "topics.user-partitions",
                PARTITIONS,
                "processors.store",
                store.name().toLowerCase(Locale.ROOT),
                "processors.state-directory",
                stateDirectory.toString())));
    }

    private void fill(String bootstrapServers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                ProducerSettings.durable(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "20")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int number = 0; number < conversations.count(); number++) {
                var _ = producer.send(new ProducerRecord<>(
                        Topics.COMMANDS.name(),
                        conversations.id(number).getBytes(StandardCharsets.UTF_8),
                        conversations.message(number, "first").toByteArray()));
            }
        }
    }

    private void awaitSettled(TopicTrafficReader reader, StreamProcessors processors) throws InterruptedException {
        long before = -1;
        long changedAt = System.nanoTime();
        while (true) {
            TopicTraffic traffic = reader.read();
            long events = records(traffic, Topics.CONVERSATION_EVENTS.name());
            long all = traffic.topics().values().stream()
                    .mapToLong(Volume::records)
                    .sum();
            if (all != before) {
                changedAt = System.nanoTime();
                progress.accept("sequenced " + Math.min(events, conversations.count()));
            } else if (events >= conversations.count() && records(traffic, VIEWS) >= 2L * conversations.count()) {
                return;
            } else if (System.nanoTime() - changedAt > TIMEOUT_NANOS) {
                throw new IllegalStateException("the topologies have sequenced " + events + " of "
                        + conversations.count() + " messages and write nothing; faults: " + processors.faults());
            }
            before = all;
            Thread.sleep(SETTLED_MILLIS);
        }
    }

    private static long records(TopicTraffic traffic, String topic) {
        return traffic.topics().getOrDefault(topic, new Volume(0, 0)).records();
    }

    /** Returns the changelogs that are not empty, by topic. */
    private static Map<String, Volume> changelogs(TopicTraffic traffic) {
        Map<String, Volume> changelogs = new TreeMap<>();
        traffic.topics().forEach((topic, volume) -> {
            if (topic.endsWith(CHANGELOG) && volume.records() > 0) {
                changelogs.put(topic, volume);
            }
        });
        return changelogs;
    }
}
