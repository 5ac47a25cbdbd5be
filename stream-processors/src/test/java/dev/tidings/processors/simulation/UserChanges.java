package dev.tidings.processors.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The changes that one task of INBOX makes to users, in order: its events about sessions and presence, and each view that gets a
 * new version in the changelog of the store {@code views}. A change is a {@link UserEvent} with the time of the input record. Leaves out
 * the views of refused invitations, which no user sees.
 *
 * <p>The changes are committed and aborted with the task's transactions. They are not a topic: no topology or gateway reads them.
 */
final class UserChanges {

    private static final String VIEWS = "views";

    private final Partition changes;
    private final List<UserEvent> uncommitted = new ArrayList<>();
    /** Versions of views by key, as of the last processed record. */
    private final Map<String, Long> versions = new HashMap<>();

    private final Map<String, Long> committedVersions = new HashMap<>();

    UserChanges(Partition changes) {
        this.changes = changes;
    }

    /** Takes the changes of views among the changelog records of a store. */
    void stored(String store, List<TestRecord<byte[], byte[]>> records) {
        if (store.equals(VIEWS)) {
            records.forEach(this::viewStored);
        }
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
        committedVersions.putAll(versions);
    }

    /** @param wereSent false if the transaction has sent no output: then its changes were never seen, and are not appended */
    void abort(boolean wereSent) {
        if (wereSent) {
            uncommitted.forEach(change -> append(change).abort());
        }
        uncommitted.clear();
        versions.clear();
        versions.putAll(committedVersions);
    }

    private void viewStored(TestRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        ViewRecord view = parse(record.value());
        Long before = versions.put(key, view.getVersion());
        if (view.getVersion() == (before == null ? 0 : before) || Invitations.isRefused(view)) {
            return;
        }
        ConversationView shown =
                ViewDecider.shown(StoreKey.second(key), view, Timestamps.fromMillis(record.timestamp()));
        uncommitted.add(UserEvent.newBuilder()
                .setUserId(StoreKey.first(key))
                .setAt(Timestamps.fromMillis(record.timestamp()))
                .setViewChanged(shown)
                .build());
    }

    private Partition.Appended append(UserEvent change) {
        return changes.begin(
                change.getUserId().getBytes(StandardCharsets.UTF_8),
                change.toByteArray(),
                Timestamps.toMillis(change.getAt()));
    }

    private static ViewRecord parse(byte[] value) {
        try {
            return ViewRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
