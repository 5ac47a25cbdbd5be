package dev.tidings.processors.simulation;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;

/**
 * One task of a topology under exactly-once. Reads its input partitions in random order, sends its output in parts, and commits positions,
 * state and output together. A crash aborts the output since the last commit, which others may have read, and restarts from
 * the state of the changelogs.
 */
final class Task implements AutoCloseable {

    private final Cluster cluster;
    private final Supplier<DrivenTopology> start;
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, LinkedHashMap<Bytes, byte[]>> committedState = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<Partition, Deque<Unsent>> outbox = new LinkedHashMap<>();
    private final List<Partition.Appended> sent = new ArrayList<>();
    private final UserChanges userChanges;
    private DrivenTopology driver;
    private final int number;
    private int crashes;

    private static final class Input {
        final Topic<?, ?> topic;
        final Partition partition;
        int position;
        int committed;

        Input(Topic<?, ?> topic, Partition partition) {
            this.topic = topic;
            this.partition = partition;
        }

        boolean hasNext() {
            return position < partition.size();
        }
    }

    private record Change(String store, TestRecord<byte[], byte[]> record) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Unsent(byte[] key, byte[] value, long timestampMillis) {}

    /** @param userChanges the log of the changes that the task makes to users; a task other than INBOX makes none */
    Task(Cluster cluster, Supplier<DrivenTopology> start, int number, UserChanges userChanges, Topic<?, ?>... topics) {
        this.cluster = cluster;
        this.start = start;
        this.number = number;
        this.userChanges = userChanges;
        this.driver = start.get();
        for (Topic<?, ?> topic : topics) {
            inputs.add(new Input(topic, cluster.partitions(topic).get(number)));
        }
    }

    /** Processes one record of a random input; false if there is none. */
    boolean process(Random random) {
        List<Input> ready = inputs.stream().filter(Input::hasNext).toList();
        if (ready.isEmpty()) {
            return false;
        }
        Input input = ready.get(random.nextInt(ready.size()));
        Partition.Appended record = input.partition.at(input.position);
        input.position++;
        driver.pipeBytes(input.topic, record.key, record.value, new RecordHeaders(), record.timestampMillis);
        Map<String, List<TestRecord<byte[], byte[]>>> outputs = driver.readBytes();
        Map<String, List<TestRecord<byte[], byte[]>>> byStore = new TreeMap<>();
        outputs.forEach((topic, records) -> {
            String store = driver.storeOf(topic);
            if (store != null) {
                byStore.put(store, records);
                records.forEach(written -> changes.add(new Change(store, written)));
            }
        });
        userChanges.stored(byStore);
        outputs.forEach((topic, records) -> {
            if (driver.storeOf(topic) == null) {
                userChanges.sent(topic, records);
                records.forEach(
                        written -> outbox.computeIfAbsent(partitionOf(topic, written.key()), none -> new ArrayDeque<>())
                                .add(new Unsent(written.key(), written.value(), written.timestamp())));
            }
        });
        return true;
    }

    /** A command with an empty key is one that the task writes to its own partition. The driver knows no other partition than 0. */
    private Partition partitionOf(String topic, byte[] key) {
        boolean isCommand = topic.equals(Topics.COMMANDS.name()) || topic.equals(Topics.USER_COMMANDS.name());
        return isCommand && key.length == 0 ? cluster.partitions(topic).get(number) : cluster.partitionOf(topic, key);
    }

    /** Sends a random number of pending records to each partition, in order. */
    void sendSome(Random random) {
        outbox.forEach((partition, unsent) -> send(partition, unsent, random.nextInt(unsent.size() + 1)));
    }

    void commit() {
        outbox.forEach((partition, unsent) -> send(partition, unsent, unsent.size()));
        sent.forEach(Partition.Appended::commit);
        sent.clear();
        userChanges.commit();
        for (Change change : changes) {
            LinkedHashMap<Bytes, byte[]> store =
                    committedState.computeIfAbsent(change.store(), none -> new LinkedHashMap<>());
            Bytes key = Bytes.wrap(change.record().key());
            store.remove(key);
            if (change.record().value() != null) {
                store.put(key, change.record().value());
            }
        }
        changes.clear();
        inputs.forEach(input -> input.committed = input.position);
    }

    void crash() {
        crashes++;
        outbox.clear();
        changes.clear();
        userChanges.abort(!sent.isEmpty());
        sent.forEach(Partition.Appended::abort);
        sent.clear();
        inputs.forEach(input -> input.position = input.committed);
        driver.close();
        driver = start.get();
        committedState.forEach(driver::restore);
    }

    int crashes() {
        return crashes;
    }

    private void send(Partition partition, Deque<Unsent> unsent, int count) {
        for (int i = 0; i < count; i++) {
            Unsent next = unsent.removeFirst();
            sent.add(partition.begin(next.key(), next.value(), next.timestampMillis()));
        }
    }

    @Override
    public void close() {
        driver.close();
    }
}
