package dev.tidings.processors;

import dev.tidings.processors.conversation.ConversationTopology;
import dev.tidings.processors.directory.DirectoryTopology;
import dev.tidings.processors.inbox.InboxTopology;
import dev.tidings.processors.intake.IntakeTopology;
import dev.tidings.processors.intake.SourceRights;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * Lists every topology, in the order records flow through them:
 *
 * <pre>
 * business ──▶ INTAKE ──▶ commands ──▶ CONVERSATION ──▶ inbox, user-commands ──▶ INBOX ──▶ deliveries, user-events, notifications
 *               │                           └──▶ conversation-events, business-replies
 *               ├──▶ user-commands (queries) ──▶ INBOX ──▶ business-replies
 *               └──▶ directory-commands ──▶ DIRECTORY ──▶ directory, bans, business-replies, deliveries
 * </pre>
 *
 * @param name the topology's application id, without the prefix {@code tidings-}
 * @param reads the isolation level of its main consumers; see {@link StreamsSettings}
 * @param settings additional Kafka Streams settings of this topology
 */
public record PipelineStage(String name, Topology topology, IsolationLevel reads, Map<String, Object> settings) {

    /** Lists them with all rights for every business system. */
    public static List<PipelineStage> all(TopicLayout layout, StateStore.Kind storeKind) {
        return all(layout, storeKind, SourceRights.ALL);
    }

    /** @param rights of business systems */
    public static List<PipelineStage> all(TopicLayout layout, StateStore.Kind storeKind, SourceRights rights) {
        return List.of(
                new PipelineStage(
                        "intake",
                        IntakeTopology.build(storeKind, rights),
                        IsolationLevel.READ_COMMITTED,
                        IntakeTopology.SETTINGS),
                new PipelineStage(
                        "conversation",
                        ConversationTopology.build(layout, storeKind),
                        IsolationLevel.READ_UNCOMMITTED,
                        Map.of()),
                new PipelineStage(
                        "inbox",
                        InboxTopology.build(layout, storeKind),
                        IsolationLevel.READ_UNCOMMITTED,
                        InboxTopology.SETTINGS),
                new PipelineStage(
                        "directory",
                        DirectoryTopology.build(layout, storeKind),
                        IsolationLevel.READ_COMMITTED,
                        Map.of()));
    }

    public String applicationId() {
        return "tidings-" + name;
    }

    /** Returns the names of the changelog topics of all stores. */
    public SortedSet<String> changelogs() {
        SortedSet<String> changelogs = new TreeSet<>();
        for (TopologyDescription.Node node : nodes()) {
            if (node instanceof TopologyDescription.Processor processor) {
                processor.stores().forEach(store -> changelogs.add(applicationId() + '-' + store + "-changelog"));
            }
        }
        return changelogs;
    }

    /** Returns the names of the topics that it reads. */
    public SortedSet<String> inputs() {
        SortedSet<String> inputs = new TreeSet<>();
        for (TopologyDescription.Node node : nodes()) {
            if (node instanceof TopologyDescription.Source source) {
                inputs.addAll(Objects.requireNonNull(source.topicSet()));
            }
        }
        return inputs;
    }

    private List<TopologyDescription.Node> nodes() {
        return topology.describe().subtopologies().stream()
                .flatMap(subtopology -> subtopology.nodes().stream())
                .toList();
    }
}
