package dev.tidings.processors.conversation;

import dev.tidings.processors.parts.OncePerOffset;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.processors.parts.ToPartition;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import org.apache.kafka.streams.Topology;

/**
 * <pre>
 *    ┌──────────────────────┐ (what a single record cannot do comes again)
 *    ▼                      │
 * commands ─▶ conversation ─┼▶ conversation-events
 *                           ├▶ inbox
 *                           ├▶ deliveries (answers to sessions; events of large groups and rooms)
 *                           ├▶ moderation
 *                           ├▶ bans (to gateways; from partition 0 alone)
 *                           └▶ business-replies (answers to business systems)
 * </pre>
 */
public final class ConversationTopology {

    static final String EVENTS_SINK = "conversation-events";
    static final String INBOX_SINK = "inbox";
    static final String DELIVERIES_SINK = "deliveries";
    static final String REPLIES_SINK = "business-replies";
    static final String MODERATION_SINK = "moderation";
    static final String BANS_SINK = "bans";
    static final String COMMANDS_SINK = "commands-again";

    private static final String SOURCE = "commands";
    private static final String PROCESSOR = "conversation";

    private ConversationTopology() {}

    public static Topology build(TopicLayout layout, StateStore.Kind storeKind) {
        return build(layout, storeKind, Topics.COMMANDS.name());
    }

    /**
     * @param again the topic of what is to come again: that of commands, unless they come from a log in which it lies
     *     already
     */
    public static Topology build(TopicLayout layout, StateStore.Kind storeKind, String again) {
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
                        EVENTS_SINK,
                        Topics.CONVERSATION_EVENTS.name(),
                        Topics.CONVERSATION_EVENTS.key().serializer(),
                        Topics.CONVERSATION_EVENTS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        INBOX_SINK,
                        Topics.INBOX.name(),
                        Topics.INBOX.key().serializer(),
                        Topics.INBOX.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        DELIVERIES_SINK,
                        Topics.DELIVERIES.name(),
                        Topics.DELIVERIES.key().serializer(),
                        Topics.DELIVERIES.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        REPLIES_SINK,
                        Topics.BUSINESS_REPLIES.name(),
                        Topics.BUSINESS_REPLIES.key().serializer(),
                        Topics.BUSINESS_REPLIES.value().serializer(),
                        PROCESSOR)
                .addSink(
                        MODERATION_SINK,
                        Topics.MODERATION.name(),
                        Topics.MODERATION.key().serializer(),
                        Topics.MODERATION.value().serializer(),
                        PROCESSOR)
                .addSink(
                        BANS_SINK,
                        Topics.BANS.name(),
                        Topics.BANS.key().serializer(),
                        Topics.BANS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        COMMANDS_SINK,
                        again,
                        ToPartition.NO_KEY,
                        Topics.COMMANDS.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR);
    }
}
