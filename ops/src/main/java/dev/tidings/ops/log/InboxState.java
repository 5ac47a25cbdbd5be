package dev.tidings.ops.log;

import dev.tidings.schemas.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Reads values of one user from the changelogs of INBOX. A read reads one partition of a changelog. */
public final class InboxState {

    private static final String PREFIX = "tidings-inbox-";
    private static final String SUFFIX = "-changelog";
    private static final char SEPARATOR = '\0';

    private final KafkaLog log;

    public InboxState(KafkaLog log) {
        this.log = log;
    }

    /** Returns the conversation in the key of a view; empty: the key has none. */
    public static String conversationId(String key) {
        return key.indexOf(SEPARATOR) < 0 ? "" : key.substring(key.indexOf(SEPARATOR) + 1);
    }

    /** Returns the newest values of the user in a store, by key. Holds them in memory. */
    public SortedMap<String, byte[]> newest(String store, String userId) {
        return newest(store, userId, key -> key.equals(userId) || key.startsWith(userId + SEPARATOR));
    }

    /** Returns the newest values with these keys in a store that the users of a partition share, by key. */
    public SortedMap<String, byte[]> newestShared(String store, String userId, Set<String> keys) {
        return keys.isEmpty() ? new TreeMap<>() : newest(store, userId, keys::contains);
    }

    private SortedMap<String, byte[]> newest(String store, String userId, Predicate<String> wanted) {
        String topic = PREFIX + store + SUFFIX;
        SortedMap<String, byte[]> newest = new TreeMap<>();
        int partitions = log.partitions(topic);
        if (partitions == 0) {
            return newest;
        }
        TopicPartition partition = new TopicPartition(topic, UserId.inboxPartition(userId, partitions));
        long end = log.end(partition, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(partition, log.begin(partition), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                if (wanted.test(key)) {
                    if (record.value() == null) {
                        newest.remove(key);
                    } else {
                        newest.put(key, record.value());
                    }
                }
            }
        }
        return newest;
    }
}
