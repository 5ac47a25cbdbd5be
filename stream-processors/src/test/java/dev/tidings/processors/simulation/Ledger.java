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

/** What the log holds once nothing is open, read from its beginning: what happened, who heard of it, and what users were told they see. */
final class Ledger {

    /** By conversation, in order, facts outside the sequence included. */
    final Map<String, List<ConversationEvent>> events = new TreeMap<>();
    /** By user and conversation: those of the events that concern the user. */
    final Map<String, Map<String, List<ConversationEvent>>> heard = new TreeMap<>();
    /** By user and conversation: the newest view. */
    final Map<String, Map<String, ConversationView>> views = new TreeMap<>();
    /** Their times: what has expired by then is not in them. */
    final Map<ConversationView, Long> viewMillis = new HashMap<>();

    final Blocks blocks;

    Ledger(Cluster cluster) {
        blocks = new Blocks(cluster);
        Circles circles = new Circles();
        for (ConversationEvent event : cluster.committed(Topics.CONVERSATION_EVENTS)) {
            events.computeIfAbsent(event.getConversationId(), none -> new ArrayList<>())
                    .add(event);
            circles.hear(event)
                    .forEach(userId -> heard.computeIfAbsent(userId, none -> new TreeMap<>())
                            .computeIfAbsent(event.getConversationId(), none -> new ArrayList<>())
                            .add(blocks.asHeard(userId, event)));
        }
        for (UserEvent event : cluster.committed(Topics.USER_EVENTS)) {
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

    /** Those in which anything was said. */
    List<String> broadcasts() {
        return events.keySet().stream().filter(id -> id.startsWith("b:")).toList();
    }

    List<ConversationEvent> messages() {
        return events.values().stream()
                .flatMap(List::stream)
                .filter(ConversationEvent::hasMessageSent)
                .toList();
    }

    /** How many messages a view counts as unread at a later time: some of those that it counted may have expired since. */
    long unreadLater(String userId, ConversationView view, long atMillis) {
        List<ConversationEvent> asOfView =
                heard.getOrDefault(userId, Map.of()).getOrDefault(view.getConversationId(), List.of()).stream()
                        .filter(event -> Timestamps.compare(event.getSentAt(), view.getUpdatedAt()) <= 0)
                        .toList();
        return UnreadRecount.of(userId, 0, List.of(), atMillis, asOfView).messages();
    }

    static <V> V value(Topic<?, V> topic, Partition.Appended record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value);
    }
}
