package dev.tidings.ops.export;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the state of a user from the changelogs of INBOX, as JSON, one value on a line: settings and drafts (views), devices, sessions and
 * status. Holds the newest values of this user in memory: one for each of their conversations.
 */
final class ExportedState {

    private static final String PREFIX = "tidings-inbox-";
    private static final String SUFFIX = "-changelog";
    private static final char SEPARATOR = '\0';

    /** By the name of the file, a store and the type of its values. */
    private static final Map<String, ExportedStore> STORES = stores();

    private record ExportedStore(String name, Parser<? extends Message> values) {}

    private final KafkaLog log;

    ExportedState(KafkaLog log) {
        this.log = log;
    }

    private static Map<String, ExportedStore> stores() {
        Map<String, ExportedStore> stores = new LinkedHashMap<>();
        stores.put("views", new ExportedStore("views", ViewRecord.parser()));
        stores.put("devices", new ExportedStore("devices", DevicesRecord.parser()));
        stores.put("account", new ExportedStore("users", UserRecord.parser()));
        stores.put("status", new ExportedStore("presence", PresenceRecord.parser()));
        return stores;
    }

    /** The names of the files, without an ending. */
    static Set<String> names() {
        return STORES.keySet();
    }

    /** Writes the values of one file. Reads one partition of the changelog. */
    void write(String name, String userId, OutputStream out) throws IOException {
        ExportedStore store = STORES.get(name);
        if (store == null) {
            throw new IllegalArgumentException("there is no state " + name);
        }
        for (Map.Entry<String, byte[]> value :
                newest(PREFIX + store.name() + SUFFIX, userId).entrySet()) {
            String key = value.getKey();
            String conversationId = key.indexOf(SEPARATOR) < 0 ? "" : key.substring(key.indexOf(SEPARATOR) + 1);
            String json = "{\"conversationId\":\"" + conversationId + "\",\"state\":"
                    + ProtoJson.print(parse(store, value.getValue())) + "}\n";
            out.write(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    private SortedMap<String, byte[]> newest(String topic, String userId) {
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
                if (key.equals(userId) || key.startsWith(userId + SEPARATOR)) {
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

    private static Message parse(ExportedStore store, byte[] value) {
        try {
            return store.values().parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new KafkaException("the changelog of " + store.name() + " has another format: " + e.getMessage(), e);
        }
    }
}
