package dev.tidings.processors.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The changes that one task of INBOX makes to users, in order: its events about sessions and presence, and each view that gets a
 * new version, by the changelog of the store {@code views} or by that of {@code group-heads}, with which the views of members are
 * joined. A change is a {@link UserEvent} with the time of the input record. Leaves out the views of refused invitations, which no
 * user sees, and what the heads of large groups change.
 *
 * <p>The changes are committed and aborted with the task's transactions. They are not a topic: no topology or gateway reads them.
 */
final class UserChanges {

    private static final String VIEWS = "views";
    private static final String GROUP_HEADS = "group-heads";

    private final Partition changes;
    private final List<UserEvent> uncommitted = new ArrayList<>();
    private final Map<String, ViewRecord> committedViews = new HashMap<>();
    private final Map<String, GroupHeadRecord> committedHeads = new HashMap<>();

    /** Views by key as of the last processed record, as stored. */
    private final Map<String, ViewRecord> views = new HashMap<>();

    /** The keys of the views by conversation. */
    private final Map<String, TreeSet<String>> keys = new HashMap<>();

    /** Heads by conversation as of the last processed record. */
    private final Map<String, GroupHeadRecord> heads = new HashMap<>();

    UserChanges(Partition changes) {
        this.changes = changes;
    }

    /** Takes the changes of views among the changelog records that one input record has written, by store. */
    void stored(Map<String, List<TestRecord<byte[], byte[]>>> byStore) {
        List<TestRecord<byte[], byte[]>> viewRecords = byStore.getOrDefault(VIEWS, List.of());
        List<TestRecord<byte[], byte[]>> headRecords = byStore.getOrDefault(GROUP_HEADS, List.of());
        TreeMap<String, Long> changedAt = new TreeMap<>();
        viewRecords.forEach(record -> changedAt.put(text(record.key()), record.timestamp()));
        for (TestRecord<byte[], byte[]> record : headRecords) {
            keys.getOrDefault(text(record.key()), new TreeSet<>())
                    .forEach(key -> changedAt.put(key, record.timestamp()));
        }
        Map<String, Long> versionsBefore = new HashMap<>();
        changedAt.keySet().forEach(key -> versionsBefore.put(key, joined(key).getVersion()));
        viewRecords.forEach(record -> put(text(record.key()), parse(ViewRecord.parser(), record.value())));
        for (TestRecord<byte[], byte[]> record : headRecords) {
            if (record.value() == null) {
                heads.remove(text(record.key()));
            } else {
                heads.put(text(record.key()), parse(GroupHeadRecord.parser(), record.value()));
            }
        }
        changedAt.forEach((key, atMillis) -> {
            ViewRecord view = joined(key);
            if (view.getVersion() != versionsBefore.getOrDefault(key, 0L) && !Invitations.isRefused(view)) {
                viewChanged(key, view, Timestamps.fromMillis(atMillis));
            }
        });
    }

    private void viewChanged(String key, ViewRecord view, Timestamp at) {
        uncommitted.add(UserEvent.newBuilder()
                .setUserId(StoreKey.first(key))
                .setAt(at)
                .setViewChanged(ViewDecider.shown(StoreKey.second(key), view, at))
                .build());
    }

    /** Returns the view as INBOX reads it; that of a large group without its head. */
    private ViewRecord joined(String key) {
        ViewRecord view = views.getOrDefault(key, ViewRecord.getDefaultInstance());
        return view.getLarge() ? view : GroupHeads.joined(view, GroupHeads.of(StoreKey.second(key), heads::get));
    }

    private void put(String key, ViewRecord view) {
        views.put(key, view);
        index(key);
    }

    private void index(String key) {
        keys.computeIfAbsent(StoreKey.second(key), none -> new TreeSet<>()).add(key);
    }

    /** Takes the events about sessions and presence among the records of a topic. */
    void sent(String topic, List<TestRecord<byte[], byte[]>> records) {
        if (topic.equals(Topics.USER_EVENTS.name())) {
            for (TestRecord<byte[], byte[]> record : records) {
                UserEvent event = Topics.USER_EVENTS.value().deserializer().deserialize(topic, record.value());
                if (event.hasSessionOpened() || event.hasSessionClosed() || event.hasPresenceChanged()) {
                    uncommitted.add(event);
                }
            }
        }
    }

    /** The committed changes in a partition of this log, in order. */
    static List<UserEvent> committed(Partition changes) {
        return changes.committed().stream().map(UserChanges::parse).toList();
    }

    static UserEvent parse(Partition.Appended change) {
        return Ledger.value(Topics.USER_EVENTS, change);
    }

    void commit() {
        uncommitted.forEach(change -> append(change).commit());
        uncommitted.clear();
        committedViews.putAll(views);
        committedHeads.clear();
        committedHeads.putAll(heads);
    }

    /** @param wereSent false if the transaction has sent no output: then its changes were never seen, and are not appended */
    void abort(boolean wereSent) {
        if (wereSent) {
            uncommitted.forEach(change -> append(change).abort());
        }
        uncommitted.clear();
        views.clear();
        views.putAll(committedViews);
        keys.clear();
        views.keySet().forEach(this::index);
        heads.clear();
        heads.putAll(committedHeads);
    }

    private Partition.Appended append(UserEvent change) {
        return changes.begin(
                change.getUserId().getBytes(StandardCharsets.UTF_8),
                change.toByteArray(),
                Timestamps.toMillis(change.getAt()));
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private static <T> T parse(Parser<T> parser, byte[] value) {
        try {
            return parser.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
