package dev.tidings.processors.simulation;

import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * All partitions of all topics, and the clock of the world. Every record that is appended from outside the topologies moves the clock, so
 * no two of these have the same time.
 */
final class Cluster {

    private final Map<String, List<Partition>> partitions = new TreeMap<>();
    private final List<Partition> userChanges = new ArrayList<>();
    private long nowMillis = TestRecords.EPOCH_MILLIS;
    private long names;

    Cluster(TopicLayout layout) {
        for (Topic<?, ?> topic : Topics.ALL) {
            List<Partition> ofTopic = new ArrayList<>();
            for (int i = 0; i < layout.partitionsOf(topic); i++) {
                ofTopic.add(new Partition());
            }
            partitions.put(topic.name(), List.copyOf(ofTopic));
        }
        for (int i = 0; i < layout.users(); i++) {
            userChanges.add(new Partition());
        }
    }

    List<Partition> partitions(Topic<?, ?> topic) {
        return partitions(topic.name());
    }

    /** Appends a record. The key decides the partition, the clock the time. */
    <K, V> void append(Topic<K, V> topic, K key, V value) {
        appendBytes(
                topic,
                topic.key().serializer().serialize(topic.name(), key),
                topic.value().serializer().serialize(topic.name(), value));
    }

    void appendBytes(Topic<?, ?> topic, byte[] key, byte[] value) {
        partitionOf(topic.name(), key).append(key, value, tick());
    }

    /** Appends a command to every partition of both command topics, without a key. */
    void appendEverywhere(GatewayGone gone) {
        Command command = Command.newBuilder()
                .setCommandId(unique("command"))
                .setGatewayGone(gone)
                .build();
        appendEverywhere(command);
        for (Partition partition : partitions(Topics.USER_COMMANDS)) {
            partition.append(
                    new byte[0],
                    UserCommand.newBuilder().setGatewayGone(gone).build().toByteArray(),
                    tick());
        }
    }

    /** Appends a command to every partition of {@code commands}, without a key. */
    void appendEverywhere(Command command) {
        for (Partition partition : partitions(Topics.COMMANDS)) {
            partition.append(new byte[0], command.toByteArray(), tick());
        }
    }

    long nowMillis() {
        return nowMillis;
    }

    void pass(long millis) {
        nowMillis += millis;
    }

    /** An id that is used once. */
    String unique(String kind) {
        names++;
        return kind + names;
    }

    private long tick() {
        nowMillis++;
        return nowMillis;
    }

    /** The partition that a record of a topology goes to. */
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

    /** All committed values of a topic, partition by partition. */
    <V> List<V> committed(Topic<?, V> topic) {
        return partitions(topic).stream()
                .flatMap(partition -> partition.committed().stream())
                .map(record -> topic.value().deserializer().deserialize(topic.name(), record.value))
                .toList();
    }

    /** The changes of users by the tasks of INBOX, by partition; see {@link UserChanges}. */
    List<Partition> userChanges() {
        return userChanges;
    }

    /** The committed changes of users, partition by partition. */
    List<UserEvent> committedUserChanges() {
        return userChanges.stream()
                .flatMap(partition -> UserChanges.committed(partition).stream())
                .toList();
    }

    /** A hash of all committed records: their topics, partitions, keys, values and times, in the order of the log. */
    String sha256() {
        MessageDigest digest = newSha256();
        partitions.forEach((topic, ofTopic) -> {
            for (int number = 0; number < ofTopic.size(); number++) {
                digest.update((topic + '-' + number).getBytes(StandardCharsets.UTF_8));
                for (Partition.Appended record : ofTopic.get(number).committed()) {
                    byte[] key = record.key == null ? new byte[0] : record.key;
                    digest.update(ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES)
                            .putInt(key.length)
                            .putInt(record.value.length)
                            .putLong(record.timestampMillis)
                            .array());
                    digest.update(key);
                    digest.update(record.value);
                }
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Partition> partitions(String topic) {
        List<Partition> found = partitions.get(topic);
        if (found == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        return found;
    }
}
