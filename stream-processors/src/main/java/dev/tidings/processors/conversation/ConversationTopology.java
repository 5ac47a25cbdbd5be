package dev.tidings.processors.conversation;

import dev.tidings.processors.partitioning.ToPartition;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.OncePerOffset;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import org.apache.kafka.streams.Topology;

/**
 * Topology CONVERSATION: one processor that decides commands.
 *
 * <pre>
 *    ┌──────────────────────┐ (the next steps of what one record cannot do)
 *    ▼                      │
 * commands ─▶ conversation ─┼▶ conversation-events
 *                           ├▶ inbox
 *                           ├▶ deliveries (answers to sessions; events of large groups and rooms)
 *                           ├▶ moderation
 *                           ├▶ bans (to gateways; from partition 0 alone)
 *                           ├▶ audit (administrative commands and their results; rules from partition 0 alone)
 *                           ├▶ user-commands (rules, to every partition; from partition 0 alone)
 *                           └▶ business-replies (answers to business systems)
 * </pre>
 */
public final class ConversationTopology {

    private static final String SOURCE = "commands";
    private static final String PROCESSOR = "conversation";

    private ConversationTopology() {}

    public static Topology build(TopicLayout layout, StateStore.Kind storeKind) {
        return build(layout, storeKind, Topics.COMMANDS.name());
    }

    /**
     * @param nextSteps the topic that commands of the topology itself are written to: the topic of commands, unless the topology
     *     replays a log that already contains them
     */
    public static Topology build(TopicLayout layout, StateStore.Kind storeKind, String nextSteps) {
        Topology topology = new Topology()
                .addSource(
                        SOURCE,
                        Topics.COMMANDS.key().deserializer(),
                        Topics.COMMANDS.value().deserializer(),
                        Topics.COMMANDS.name())
                .addProcessor(PROCESSOR, () -> new OncePerOffset<>(new ConversationProcessor(layout)), SOURCE)
                .addStateStore(OncePerOffset.store(storeKind), PROCESSOR);
        for (StateStore<?, ?> store : ConversationStores.ALL) {
            topology.addStateStore(store.builder(storeKind), PROCESSOR);
        }
        topology.addStateStore(StoredRules.STORE.builder(storeKind), PROCESSOR);
        return topology.addSink(
                        ConversationSinks.EVENTS,
                        Topics.CONVERSATION_EVENTS.name(),
                        Topics.CONVERSATION_EVENTS.key().serializer(),
                        Topics.CONVERSATION_EVENTS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.INBOX,
                        Topics.INBOX.name(),
                        Topics.INBOX.key().serializer(),
                        Topics.INBOX.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.DELIVERIES,
                        Topics.DELIVERIES.name(),
                        Topics.DELIVERIES.key().serializer(),
                        Topics.DELIVERIES.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.REPLIES,
                        Topics.BUSINESS_REPLIES.name(),
                        Topics.BUSINESS_REPLIES.key().serializer(),
                        Topics.BUSINESS_REPLIES.value().serializer(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.MODERATION,
                        Topics.MODERATION.name(),
                        Topics.MODERATION.key().serializer(),
                        Topics.MODERATION.value().serializer(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.BANS,
                        Topics.BANS.name(),
                        Topics.BANS.key().serializer(),
                        Topics.BANS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.AUDIT,
                        Topics.AUDIT.name(),
                        Topics.AUDIT.key().serializer(),
                        Topics.AUDIT.value().serializer(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.USER_COMMANDS,
                        Topics.USER_COMMANDS.name(),
                        ToPartition.NO_KEY,
                        Topics.USER_COMMANDS.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.DIRECTORY_COMMANDS,
                        Topics.DIRECTORY_COMMANDS.name(),
                        ToPartition.NO_KEY,
                        Topics.DIRECTORY_COMMANDS.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        ConversationSinks.COMMANDS,
                        nextSteps,
                        ToPartition.NO_KEY,
                        Topics.COMMANDS.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR);
    }
}
