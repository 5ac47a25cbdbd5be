package dev.tidings.ops.export;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.ops.log.InboxState;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/**
 * Reads the state of a user from the changelogs of INBOX, as JSON, one value on a line: settings and drafts (views), devices, sessions and
 * status. Holds the newest values of this user in memory: one for each of their conversations.
 */
final class ExportedState {

    private static final String VIEWS = "views";

    /** By the name of the file, a store and the type of its values. */
    private static final Map<String, ExportedStore> STORES = stores();

    private record ExportedStore(String name, Parser<? extends Message> values) {}

    private static final ExportedStore HEADS = new ExportedStore("group-heads", GroupHeadRecord.parser());

    private final InboxState state;

    ExportedState(KafkaLog log) {
        this.state = new InboxState(log);
    }

    private static Map<String, ExportedStore> stores() {
        Map<String, ExportedStore> stores = new LinkedHashMap<>();
        stores.put(VIEWS, new ExportedStore(VIEWS, ViewRecord.parser()));
        stores.put("devices", new ExportedStore("devices", DevicesRecord.parser()));
        stores.put("account", new ExportedStore("users", UserRecord.parser()));
        stores.put("status", new ExportedStore("presence", PresenceRecord.parser()));
        return stores;
    }

    /** The names of the files, without an ending. */
    static Set<String> names() {
        return STORES.keySet();
    }

    /** Writes the values of one file. Reads one partition of the changelog, and for views the one of the groups' heads. */
    void write(String name, String userId, OutputStream out) throws IOException {
        ExportedStore store = STORES.get(name);
        if (store == null) {
            throw new IllegalArgumentException("there is no state " + name);
        }
        SortedMap<String, Message> values = new TreeMap<>();
        state.newest(store.name(), userId).forEach((key, value) -> values.put(key, parse(store, value)));
        if (name.equals(VIEWS)) {
            joinHeads(userId, values);
        }
        for (Map.Entry<String, Message> value : values.entrySet()) {
            String json = "{\"conversationId\":\"" + InboxState.conversationId(value.getKey()) + "\",\"state\":"
                    + ProtoJson.print(value.getValue()) + "}\n";
            out.write(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Joins views with the state that the members of their group share, as INBOX does when it reads a view. */
    private void joinHeads(String userId, SortedMap<String, Message> views) {
        Set<String> wanted = new HashSet<>();
        views.forEach((key, view) -> {
            if (GroupHeads.isJoined((ViewRecord) view)) {
                String conversationId = InboxState.conversationId(key);
                wanted.add(conversationId);
                wanted.add(GroupHeads.profileKey(conversationId));
            }
        });
        Map<String, GroupHeadRecord> heads = new HashMap<>();
        state.newestShared(HEADS.name(), userId, wanted)
                .forEach((key, head) -> heads.put(key, (GroupHeadRecord) parse(HEADS, head)));
        join(views, heads);
    }

    /** @param heads the records of the heads by their keys */
    static void join(SortedMap<String, Message> views, Map<String, GroupHeadRecord> heads) {
        views.replaceAll((key, view) ->
                GroupHeads.joined((ViewRecord) view, GroupHeads.of(InboxState.conversationId(key), heads::get)));
    }

    private static Message parse(ExportedStore store, byte[] value) {
        try {
            return store.values().parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new KafkaException("the changelog of " + store.name() + " has another format: " + e.getMessage(), e);
        }
    }
}
