package dev.tidings.processors.directory;

import dev.tidings.processors.partitioning.ToPartition;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.OncePerOffset;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import org.apache.kafka.streams.Topology;

/**
 * Builds the DIRECTORY topology.
 *
 * <pre>
 * directory-commands ──▶ directory ──▶ directory, bans, business-replies, deliveries, audit
 * </pre>
 */
public final class DirectoryTopology {

    private static final String SOURCE = "directory-commands";
    private static final String PROCESSOR = "directory-keeper";

    private DirectoryTopology() {}

    public static Topology build(TopicLayout layout, StateStore.Kind storeKind) {
        return new Topology()
                .addSource(
                        SOURCE,
                        Topics.DIRECTORY_COMMANDS.key().deserializer(),
                        Topics.DIRECTORY_COMMANDS.value().deserializer(),
                        Topics.DIRECTORY_COMMANDS.name())
                .addProcessor(PROCESSOR, () -> new OncePerOffset<>(new DirectoryProcessor(layout)), SOURCE)
                .addStateStore(OncePerOffset.store(storeKind), PROCESSOR)
                .addStateStore(DirectoryProcessor.PROFILES.builder(storeKind), PROCESSOR)
                .addStateStore(StoredRules.STORE.builder(storeKind), PROCESSOR)
                .addSink(
                        DirectoryProcessor.PROFILE_SINK,
                        Topics.DIRECTORY.name(),
                        Topics.DIRECTORY.key().serializer(),
                        Topics.DIRECTORY.value().serializer(),
                        PROCESSOR)
                .addSink(
                        DirectoryProcessor.BAN_SINK,
                        Topics.BANS.name(),
                        Topics.BANS.key().serializer(),
                        Topics.BANS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        DirectoryProcessor.AUDIT_SINK,
                        Topics.AUDIT.name(),
                        Topics.AUDIT.key().serializer(),
                        Topics.AUDIT.value().serializer(),
                        PROCESSOR)
                .addSink(
                        DirectoryProcessor.REPLY_SINK,
                        Topics.BUSINESS_REPLIES.name(),
                        Topics.BUSINESS_REPLIES.key().serializer(),
                        Topics.BUSINESS_REPLIES.value().serializer(),
                        PROCESSOR)
                .addSink(
                        DirectoryProcessor.DELIVERY_SINK,
                        Topics.DELIVERIES.name(),
                        Topics.DELIVERIES.key().serializer(),
                        Topics.DELIVERIES.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR);
    }
}
