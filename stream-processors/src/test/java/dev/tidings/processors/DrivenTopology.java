package dev.tidings.processors;

import dev.tidings.processors.inbox.InboxTopology;
import dev.tidings.processors.inbox.state.SyncClock;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.intake.SourceRights;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task of a topology in Kafka's test driver, with the settings of production but without transactions. Its
 * changelogs restore the state of another task.
 */
public final class DrivenTopology implements AutoCloseable {

    /** The driver numbers records from 0 in each new task, so positions of one task mean nothing to the next. */
    private static final String POSITIONS = "positions";

    private final PipelineStage pipeline;
    private final Path stateDirectory;
    private final TopologyTestDriver driver;

    private DrivenTopology(PipelineStage pipeline, TopicLayout layout, StateStore.Kind kind) {
        this.pipeline = pipeline;
        ProcessorsConfig config = config(layout, kind);
        this.stateDirectory = config.stateDirectory();
        Properties properties = new Properties();
        properties.putAll(StreamsSettings.of(config, pipeline).originals());
        // the driver's transactions lose records sent between two inputs: dead letters of unreadable records
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        this.driver = new TopologyTestDriver(pipeline.topology(), properties);
    }

    public static DrivenTopology intake(TopicLayout layout) {
        return named("intake", layout, StateStore.Kind.MEMORY);
    }

    public static DrivenTopology conversation(TopicLayout layout, StateStore.Kind kind) {
        return named("conversation", layout, kind);
    }

    public static DrivenTopology inbox(TopicLayout layout, StateStore.Kind kind) {
        return named("inbox", layout, kind);
    }

    public static DrivenTopology inbox(TopicLayout layout, SyncLimits limits) {
        StateStore.Kind kind = StateStore.Kind.MEMORY;
        PipelineStage pipeline = new PipelineStage(
                "inbox", InboxTopology.build(layout, kind, limits), IsolationLevel.READ_UNCOMMITTED, Map.of());
        return new DrivenTopology(pipeline, layout, kind);
    }

    public static DrivenTopology directory(TopicLayout layout) {
        return named("directory", layout, StateStore.Kind.MEMORY);
    }

    /** Runs INTAKE, or a variant of it. */
    public static DrivenTopology intake(Topology topology, TopicLayout layout) {
        PipelineStage pipeline = new PipelineStage("intake", topology, IsolationLevel.READ_COMMITTED, Map.of());
        return new DrivenTopology(pipeline, layout, StateStore.Kind.MEMORY);
    }

    private static DrivenTopology named(String name, TopicLayout layout, StateStore.Kind kind) {
        PipelineStage pipeline = PipelineStage.all(layout, kind).stream()
                .filter(some -> some.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new DrivenTopology(pipeline, layout, kind);
    }

    static ProcessorsConfig config(TopicLayout layout, StateStore.Kind kind) {
        try {
            Path state = Files.createTempDirectory("tidings-state");
            return new ProcessorsConfig(
                    "no-broker:9092", Map.of(), layout, state, kind, 1, 200, 3_000, 16, SourceRights.ALL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public <K, V> void pipe(Topic<K, V> topic, K key, V value, long timestampMillis) {
        driver.createInputTopic(
                        topic.name(), topic.key().serializer(), topic.value().serializer())
                .pipeInput(key, value, timestampMillis);
    }

    public void pipeBytes(
            Topic<?, ?> topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestampMillis) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, timestampMillis));
    }

    /** Returns the records written to a topic since the last call, in order. */
    public <K, V> List<TestRecord<K, V>> read(Topic<K, V> topic) {
        return read(topic.name(), topic);
    }

    /** Returns the records of another topic with the same types. */
    public <K, V> List<TestRecord<K, V>> read(String name, Topic<K, V> types) {
        return driver.createOutputTopic(
                        name, types.key().deserializer(), types.value().deserializer())
                .readRecordsToList();
    }

    public <K, V> List<V> readValues(Topic<K, V> topic) {
        return read(topic).stream().map(TestRecord::value).toList();
    }

    /** Returns the records written since the last call, by topic, as bytes; changelogs included. */
    public Map<String, List<TestRecord<byte[], byte[]>>> readBytes() {
        Map<String, List<TestRecord<byte[], byte[]>>> written = new LinkedHashMap<>();
        for (String topic : new TreeSet<>(driver.producedTopicNames())) {
            List<TestRecord<byte[], byte[]>> records = driver.createOutputTopic(
                            topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList();
            if (!records.isEmpty() && !POSITIONS.equals(storeOf(topic))) {
                written.put(topic, records);
            }
        }
        return written;
    }

    /** Returns the name of the store whose changelog this topic is, or null. */
    public @Nullable String storeOf(String topic) {
        String prefix = pipeline.applicationId() + '-';
        String suffix = "-changelog";
        return topic.startsWith(prefix) && topic.endsWith(suffix)
                ? topic.substring(prefix.length(), topic.length() - suffix.length())
                : null;
    }

    /**
     * Fills a store with the contents of its changelog, below the layer that would log the change again.
     *
     * @param contents in the order of the changelog, as compaction leaves it: a key is where it was last written
     */
    @SuppressWarnings("unchecked") // the innermost of a key-value store holds bytes
    public void restore(String store, Map<Bytes, byte[]> contents) {
        org.apache.kafka.streams.processor.StateStore innermost =
                Objects.requireNonNull(driver.getAllStateStores().get(store), store);
        while (innermost instanceof WrappedStateStore<?, ?, ?> wrapper) {
            innermost = wrapper.wrapped();
        }
        contents.forEach(((KeyValueStore<Bytes, byte[]>) innermost)::put);
    }

    /** Returns the count of an occurrence by kind; see {@link dev.tidings.processors.store.Counts}. */
    public double counted(String subject, String occurrence, String kind) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals("stream-" + subject + "-metrics")
                        && metric.getKey().name().equals(occurrence + "-total")
                        && kind.equals(metric.getKey().tags().get(subject + "-id")))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }

    /** Returns true if the last records wrote nothing but the position and the clock, which every record writes. */
    public boolean hasWrittenNothing() {
        return readBytes().keySet().stream()
                .allMatch(topic -> SyncClock.STORE.name().equals(storeOf(topic)));
    }

    /** Returns the entries of all stores, by store and key, as text; without positions and clocks. */
    public Map<String, List<String>> contents() {
        Map<String, List<String>> contents = new TreeMap<>();
        for (String store : driver.getAllStateStores().keySet()) {
            if (store.equals(POSITIONS) || store.equals(SyncClock.STORE.name())) {
                continue;
            }
            List<String> entries = new ArrayList<>();
            try (var all = driver.<Object, Object>getKeyValueStore(store).all()) {
                all.forEachRemaining(entry -> entries.add(entry.key + " = " + entry.value));
            }
            contents.put(store, entries);
        }
        return contents;
    }

    @Override
    public void close() {
        driver.close();
        try (Stream<Path> files = Files.walk(stateDirectory)) {
            files.sorted(Comparator.reverseOrder()).forEach(DrivenTopology::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
