package dev.tidings.processors.simulation;

import dev.tidings.processors.Said;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.UserCommand;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * All partitions of all topics, and the clock of everyone: it ticks with every record appended from outside, so no two of them
 * have the same time.
 */
final class Cluster {

    private final Map<String, List<Partition>> partitions = new TreeMap<>();
    private long nowMillis = Said.EPOCH_MILLIS;
    private long names;

    Cluster(TopicLayout layout) {
        for (Topic<?, ?> topic : Topics.ALL) {
            List<Partition> ofTopic = new ArrayList<>();
            for (int i = 0; i < layout.partitionsOf(topic); i++) {
                ofTopic.add(new Partition());
            }
            partitions.put(topic.name(), List.copyOf(ofTopic));
        }
    }

    List<Partition> partitions(Topic<?, ?> topic) {
        return partitions(topic.name());
    }

    /** What clients of the log do: the key decides on the partition, the log on the time. */
    <K, V> void append(Topic<K, V> topic, K key, V value) {
        appendBytes(
                topic,
                topic.key().serializer().serialize(topic.name(), key),
                topic.value().serializer().serialize(topic.name(), value));
    }

    void appendBytes(Topic<?, ?> topic, byte[] key, byte[] value) {
        partitionOf(topic.name(), key).append(key, value, tick());
    }

    /** What concerns all users: once in every partition, under no key. */
    void appendEverywhere(UserCommand command) {
        for (Partition partition : partitions(Topics.USER_COMMANDS)) {
            partition.append(new byte[0], command.toByteArray(), tick());
        }
    }

    long nowMillis() {
        return nowMillis;
    }

    void pass(long millis) {
        nowMillis += millis;
    }

    /** A name that nobody else has. */
    String unique(String kind) {
        names++;
        return kind + names;
    }

    private long tick() {
        nowMillis++;
        return nowMillis;
    }

    /** Where a record of a topology goes. */
    Partition partitionOf(String topic, byte @Nullable [] key) {
        List<Partition> ofTopic = partitions(topic);
        if (ofTopic.size() == 1 || key == null) {
            return ofTopic.getFirst();
        }
        boolean keyIsPartition = topic.equals(Topics.INBOX.name()) || topic.equals(Topics.DELIVERIES.name());
        return ofTopic.get(
                keyIsPartition
                        ? ByteBuffer.wrap(key).getInt()
                        : BuiltInPartitioner.partitionForKey(key, ofTopic.size()));
    }

    /** All values of a topic, partition by partition, as those see them who read committed. */
    <V> List<V> committed(Topic<?, V> topic) {
        return partitions(topic).stream()
                .flatMap(partition -> partition.committed().stream())
                .map(record -> topic.value().deserializer().deserialize(topic.name(), record.value))
                .toList();
    }

    List<Partition> partitions(String topic) {
        List<Partition> found = partitions.get(topic);
        if (found == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        return found;
    }
}
