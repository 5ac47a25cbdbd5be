package dev.tidings.processors;

import dev.tidings.processors.conversation.ConversationTopology;
import dev.tidings.processors.inbox.InboxTopology;
import dev.tidings.processors.intake.IntakeTopology;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.TopicLayout;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.Topology;

/**
 * Every topology, in the order of the flow:
 *
 * <pre>
 * business ──▶ INTAKE ──▶ commands ──▶ CONVERSATION ──▶ inbox, user-commands ──▶ INBOX ──▶ deliveries, user-events, notifications
 *                                           └──▶ conversation-events, business-replies
 * </pre>
 *
 * @param name the topology's application id, after the prefix {@code tidings-}
 * @param reads whether its main consumers wait for the commit of what they read; see {@link StreamsSettings}
 * @param settings what Kafka Streams is told for this topology alone
 */
public record Pipeline(String name, Topology topology, IsolationLevel reads, Map<String, Object> settings) {

    public static List<Pipeline> all(TopicLayout layout, StateStore.Kind storeKind) {
        return List.of(
                new Pipeline("intake", IntakeTopology.build(), IsolationLevel.READ_COMMITTED, IntakeTopology.SETTINGS),
                new Pipeline(
                        "conversation",
                        ConversationTopology.build(layout, storeKind),
                        IsolationLevel.READ_UNCOMMITTED,
                        Map.of()),
                new Pipeline(
                        "inbox", InboxTopology.build(layout, storeKind), IsolationLevel.READ_UNCOMMITTED, Map.of()));
    }

    public String applicationId() {
        return "tidings-" + name;
    }
}
