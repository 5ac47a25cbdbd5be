package dev.tidings.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.Recording.Timed;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Tests that the same input gives the same output, byte for byte. Compares keys (which determine partitions), values,
 * times and order of every output topic and changelog; and headers, except those of dead letters, which name offsets.
 * Prints its seed; {@code -Dtidings.seed=<seed>} repeats a run.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReplayTest {

    private static final int LENGTH = 3_000;
    private static final int AT_LEAST = 100;

    private final long seed = TestSeed.get();
    private final Recording recording = new Recording(seed, LENGTH);

    ReplayTest() {
        System.out.println("tidings.seed=" + seed);
    }

    /** The records written, by topology and topic. */
    private record Played(Map<String, List<String>> written) {}

    private interface Play {
        void play(DrivenTopology topology, int from, int to);
    }

    @Test
    void the_same_commands_give_the_same_bytes() {
        Played first = played(StateStore.Kind.MEMORY, 1);

        assertMuchHappened(first);
        assertSame(first, played(StateStore.Kind.MEMORY, 1));
    }

    @Test
    void the_kind_of_store_makes_no_difference() {
        assertSame(played(StateStore.Kind.MEMORY, 1), played(StateStore.Kind.ROCKSDB, 1));
    }

    @Test
    void continuing_from_restored_state_gives_the_same_output() {
        assertSame(played(StateStore.Kind.MEMORY, 1), played(StateStore.Kind.MEMORY, 7));
    }

    @Test
    void continuing_from_restored_state_on_disk_gives_the_same_output() {
        assertSame(played(StateStore.Kind.MEMORY, 1), played(StateStore.Kind.ROCKSDB, 3));
    }

    private Played played(StateStore.Kind kind, int stretches) {
        Map<String, List<TestRecord<byte[], byte[]>>> conversation = written(
                () -> DrivenTopology.conversation(Recording.LAYOUT, kind),
                recording.commands(),
                stretches,
                recording::playCommands);
        List<Timed> inbox = conversation.getOrDefault(Topics.INBOX.name(), List.of()).stream()
                .map(record -> new Timed(
                        record.timestamp(), Topics.INBOX.value().deserializer().deserialize("", record.value())))
                .toList();
        Map<String, List<TestRecord<byte[], byte[]>>> inboxTopology = written(
                () -> DrivenTopology.inbox(Recording.LAYOUT, kind),
                recording.inputsOfInbox(inbox),
                stretches,
                (topology, from, to) -> recording.playInbox(topology, inbox, from, to));
        Map<String, List<String>> all = new TreeMap<>();
        conversation.forEach((topic, records) -> all.put("conversation to " + topic, texts(topic, records)));
        inboxTopology.forEach((topic, records) -> all.put("inbox to " + topic, texts(topic, records)));
        return new Played(all);
    }

    /** Replays each range to a task of its own, which starts with the state of the changelogs so far. */
    private static Map<String, List<TestRecord<byte[], byte[]>>> written(
            Supplier<DrivenTopology> start, int length, int stretches, Play play) {
        Map<String, List<TestRecord<byte[], byte[]>>> written = new TreeMap<>();
        for (int stretch = 0; stretch < stretches; stretch++) {
            try (DrivenTopology topology = start.get()) {
                restore(topology, written);
                play.play(topology, length * stretch / stretches, length * (stretch + 1) / stretches);
                topology.readBytes()
                        .forEach((topic, records) -> written.computeIfAbsent(topic, none -> new ArrayList<>())
                                .addAll(records));
            }
        }
        return written;
    }

    private static void restore(DrivenTopology topology, Map<String, List<TestRecord<byte[], byte[]>>> written) {
        written.forEach((topic, records) -> {
            String store = topology.storeOf(topic);
            if (store != null) {
                Map<Bytes, byte[]> contents = new LinkedHashMap<>();
                records.forEach(record -> {
                    contents.remove(Bytes.wrap(record.key()));
                    if (record.value() != null) {
                        contents.put(Bytes.wrap(record.key()), record.value());
                    }
                });
                topology.restore(store, contents);
            }
        });
    }

    private static List<String> texts(String topic, List<TestRecord<byte[], byte[]>> records) {
        boolean withHeaders = !topic.equals(Topics.DEAD_LETTERS.name());
        return records.stream()
                .map(record -> record.timestamp() + " " + Arrays.toString(record.key()) + " "
                        + Arrays.toString(record.value()) + (withHeaders ? " " + record.headers() : ""))
                .toList();
    }

    private void assertSame(Played expected, Played actual) {
        assertEquals(expected.written().keySet(), actual.written().keySet(), "-Dtidings.seed=" + seed);
        expected.written()
                .forEach((topic, records) ->
                        assertEquals(records, actual.written().get(topic), topic + ", -Dtidings.seed=" + seed));
    }

    private static void assertMuchHappened(Played played) {
        for (String topic : List.of(
                "conversation to tidings.conversation-events",
                "conversation to tidings.inbox",
                "conversation to tidings.deliveries",
                "conversation to tidings.business-replies",
                "conversation to tidings.dead-letters",
                "inbox to tidings.deliveries",
                "inbox to tidings.user-events",
                "inbox to tidings.notifications",
                "inbox to tidings.dead-letters")) {
            int records = played.written().getOrDefault(topic, List.of()).size();
            assertTrue(
                    records > (topic.endsWith("dead-letters") || topic.endsWith("notifications") ? 5 : AT_LEAST),
                    topic + ": " + records);
        }
    }
}
