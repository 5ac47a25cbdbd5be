package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The committed events of conversations, up to the first open transaction. */
final class History {

    static final int MOST = 200;

    private final List<Partition> partitions;
    private final int[] positions;
    private final Map<String, TreeMap<Long, ConversationEvent>> bySeq = new TreeMap<>();

    History(Cluster cluster) {
        partitions = cluster.partitions(Topics.CONVERSATION_EVENTS);
        positions = new int[partitions.size()];
    }

    /** The newest events of the range, both ends included, in order. */
    List<ConversationEvent> read(String conversationId, long from, long to) {
        follow();
        List<ConversationEvent> all = from > to
                ? List.of()
                : List.copyOf(bySeq.getOrDefault(conversationId, new TreeMap<>())
                        .subMap(from, true, to, true)
                        .values());
        return all.subList(Math.max(0, all.size() - MOST), all.size());
    }

    long head(String conversationId) {
        follow();
        TreeMap<Long, ConversationEvent> events = bySeq.get(conversationId);
        return events == null ? 0 : events.lastKey();
    }

    private void follow() {
        for (int i = 0; i < positions.length; i++) {
            Partition partition = partitions.get(i);
            while (positions[i] < partition.size()
                    && !partition.at(positions[i]).isOpen()) {
                Partition.Appended record = partition.at(positions[i]);
                positions[i]++;
                if (!record.isAborted()) {
                    take(Topics.CONVERSATION_EVENTS
                            .value()
                            .deserializer()
                            .deserialize(Topics.CONVERSATION_EVENTS.name(), record.value));
                }
            }
        }
    }

    private void take(ConversationEvent event) {
        if (event.getSeq() > 0) {
            bySeq.computeIfAbsent(event.getConversationId(), none -> new TreeMap<>())
                    .put(event.getSeq(), event);
        }
    }
}
