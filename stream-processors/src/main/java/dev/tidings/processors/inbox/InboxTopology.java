package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.output.InboxSinks;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.notification.NotificationDecider;
import dev.tidings.processors.notification.Templates;
import dev.tidings.processors.partitioning.ToPartition;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.OncePerOffset;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Builds the INBOX topology.
 *
 * <pre>
 * inbox ─────────▶ event ────────┬▶ deliveries
 *                                ├▶ business-replies (answers to queries of business systems)
 *                                ├▶ user-events
 *                                ├▶ commands (only to leave a group to which a blocked user has added the user)
 *            ┌───────────────────┼▶ notifications
 *            ▼                   │
 * user-commands ─▶ user-command ─┘
 *            ▲                   │ (work beyond the limits of one record is continued by another)
 *            └───────────────────┘
 * </pre>
 */
public final class InboxTopology {

    /**
     * The cache has room for the views that change between two commits: 16 MiB are about 20,000 views. A view that does not fit is written
     * before the commit.
     */
    public static final Map<String, Object> SETTINGS =
            Map.of(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 16 << 20);

    private static final String EVENTS = "inbox";
    private static final String USER_COMMANDS = "user-commands";
    private static final String EVENT_PROCESSOR = "event";
    private static final String USER_COMMAND_PROCESSOR = "user-command";

    private InboxTopology() {}

    public static Topology build(TopicLayout layout, StateStore.Kind storeKind) {
        return build(layout, storeKind, SyncLimits.DEFAULT);
    }

    public static Topology build(TopicLayout layout, StateStore.Kind storeKind, SyncLimits syncLimits) {
        NotificationDecider notifications = new NotificationDecider(Templates.load());
        Topology topology = new Topology()
                .addSource(
                        EVENTS,
                        Topics.INBOX.key().deserializer(),
                        Topics.INBOX.value().deserializer(),
                        Topics.INBOX.name())
                .addSource(
                        USER_COMMANDS,
                        Topics.USER_COMMANDS.key().deserializer(),
                        Topics.USER_COMMANDS.value().deserializer(),
                        Topics.USER_COMMANDS.name())
                .addProcessor(
                        EVENT_PROCESSOR,
                        () -> new OncePerOffset<>(new EventProcessor(layout, notifications, syncLimits)),
                        EVENTS)
                .addProcessor(
                        USER_COMMAND_PROCESSOR,
                        () -> new OncePerOffset<>(new UserCommandProcessor(layout, notifications, syncLimits)),
                        USER_COMMANDS)
                .addStateStore(OncePerOffset.store(storeKind), EVENT_PROCESSOR, USER_COMMAND_PROCESSOR);
        for (StateStore<?, ?> store : InboxStores.ALL) {
            topology.addStateStore(store.builder(storeKind), EVENT_PROCESSOR, USER_COMMAND_PROCESSOR);
        }
        topology.addStateStore(StoredRules.STORE.builder(storeKind), USER_COMMAND_PROCESSOR);
        return topology.addSink(
                        InboxSinks.DELIVERIES,
                        Topics.DELIVERIES.name(),
                        Topics.DELIVERIES.key().serializer(),
                        Topics.DELIVERIES.value().serializer(),
                        new ToPartition<>(),
                        EVENT_PROCESSOR,
                        USER_COMMAND_PROCESSOR)
                .addSink(
                        InboxSinks.USER_EVENTS,
                        Topics.USER_EVENTS.name(),
                        Topics.USER_EVENTS.key().serializer(),
                        Topics.USER_EVENTS.value().serializer(),
                        EVENT_PROCESSOR,
                        USER_COMMAND_PROCESSOR)
                .addSink(
                        InboxSinks.NOTIFICATIONS,
                        Topics.NOTIFICATIONS.name(),
                        Topics.NOTIFICATIONS.key().serializer(),
                        Topics.NOTIFICATIONS.value().serializer(),
                        EVENT_PROCESSOR,
                        USER_COMMAND_PROCESSOR)
                .addSink(
                        InboxSinks.BUSINESS_REPLIES,
                        Topics.BUSINESS_REPLIES.name(),
                        Topics.BUSINESS_REPLIES.key().serializer(),
                        Topics.BUSINESS_REPLIES.value().serializer(),
                        USER_COMMAND_PROCESSOR)
                .addSink(
                        InboxSinks.COMMANDS,
                        Topics.COMMANDS.name(),
                        Topics.COMMANDS.key().serializer(),
                        Topics.COMMANDS.value().serializer(),
                        EVENT_PROCESSOR)
                .addSink(
                        InboxSinks.USER_COMMANDS,
                        Topics.USER_COMMANDS.name(),
                        ToPartition.NO_KEY,
                        Topics.USER_COMMANDS.value().serializer(),
                        new ToPartition<>(),
                        EVENT_PROCESSOR,
                        USER_COMMAND_PROCESSOR);
    }
}
