package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.UserEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The committed log, read from its beginning: events, the users to whom they went by name, and the views of users. */
final class Ledger {

    /** By conversation, in order; events without a seq included. */
    final Map<String, List<ConversationEvent>> events = new TreeMap<>();
    /** By user and conversation: the events that went to the user by name. */
    final Map<String, Map<String, List<ConversationEvent>>> received = new TreeMap<>();
    /** By user and conversation: the newest view. */
    final Map<String, Map<String, ConversationView>> views = new TreeMap<>();
    /** The times of views. Messages that have expired by then are not counted in them. */
    final Map<ConversationView, Long> viewMillis = new HashMap<>();

    final Blocks blocks;
    /** As of the end of the log. */
    final Memberships memberships = new Memberships();

    Ledger(Cluster cluster) {
        blocks = new Blocks(cluster);
        for (ConversationEvent event : cluster.committed(Topics.CONVERSATION_EVENTS)) {
            events.computeIfAbsent(event.getConversationId(), none -> new ArrayList<>())
                    .add(event);
            memberships
                    .recipients(event)
                    .forEach(userId -> received.computeIfAbsent(userId, none -> new TreeMap<>())
                            .computeIfAbsent(event.getConversationId(), none -> new ArrayList<>())
                            .add(blocks.asHeard(userId, event)));
        }
        for (UserEvent event : cluster.committedUserChanges()) {
            if (event.hasViewChanged()) {
                views.computeIfAbsent(event.getUserId(), none -> new TreeMap<>())
                        .put(event.getViewChanged().getConversationId(), event.getViewChanged());
                viewMillis.put(event.getViewChanged(), Timestamps.toMillis(event.getAt()));
            }
        }
    }

    List<ConversationEvent> sequence(String conversationId) {
        return events.getOrDefault(conversationId, List.of()).stream()
                .filter(event -> event.getSeq() > 0)
                .toList();
    }

    /** Whether it became large. The views of its members cannot be recounted from events by name. */
    boolean isLarge(String conversationId) {
        return memberships.isLarge(conversationId);
    }

    /** Ids of broadcasts. */
    List<String> broadcasts() {
        return events.keySet().stream().filter(id -> id.startsWith("b:")).toList();
    }

    List<ConversationEvent> messages() {
        return events.values().stream()
                .flatMap(List::stream)
                .filter(ConversationEvent::hasMessageSent)
                .toList();
    }

    /** The unread messages of a view at a later time, when some may have expired. */
    long unreadLater(String userId, ConversationView view, long atMillis) {
        List<ConversationEvent> asOfView =
                received.getOrDefault(userId, Map.of()).getOrDefault(view.getConversationId(), List.of()).stream()
                        .filter(event -> Timestamps.compare(event.getSentAt(), view.getUpdatedAt()) <= 0)
                        .toList();
        return UnreadRecount.of(userId, 0, List.of(), atMillis, asOfView).messages();
    }

    static <V> V value(Topic<?, V> topic, Partition.Appended record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value);
    }
}
