package dev.tidings.processors.intake;

import dev.tidings.processors.partitioning.ToPartition;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Builds the topology INTAKE.
 *
 * <pre>
 * business ─────▶ intake ─┬▶ commands (rules: every partition)
 *            ┌──▶   │     ├▶ directory-commands
 *            │      │     ├▶ user-commands (queries)
 *            │      │     ├▶ dead-letters
 *            │      │     ├▶ business-replies (refusals)
 *            │      │     ├▶ audit (requests without the right to them)
 *            │      │     └▶ intake-steps ─┐
 *            │      │                      │
 *            │      └─ pending-requests, pending-progress, ban-requests
 *            └─────────────────────────────┘
 * </pre>
 */
public final class IntakeTopology {

    /**
     * If {@value PendingRequests#MAX_REQUESTS} requests are pending in a partition, all commands of another {@code sendToMany} are
     * in one transaction. A transaction that exceeds its timeout would be aborted and retried forever, so the timeout is long
     * enough for five of the largest requests, and a poll returns at most five.
     */
    public static final Map<String, Object> SETTINGS = Map.of(
            StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000,
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5);

    private static final String SOURCE = "requests";
    private static final String PROCESSOR = "intake";

    private IntakeTopology() {}

    public static Topology build(StateStore.Kind storeKind, SourceRights rights) {
        return build(storeKind, rights, Topics.INTAKE_STEPS.name());
    }

    /** @param stepsSink the topic to which steps are written; a test may hold them back there */
    static Topology build(StateStore.Kind storeKind, SourceRights rights, String stepsSink) {
        return new Topology()
                .addSource(
                        SOURCE,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        Topics.BUSINESS.name(),
                        Topics.INTAKE_STEPS.name())
                .addProcessor(PROCESSOR, () -> new IntakeProcessor(rights), SOURCE)
                .addStateStore(PendingRequests.REQUESTS.builder(storeKind), PROCESSOR)
                .addStateStore(PendingRequests.PROGRESS.builder(storeKind), PROCESSOR)
                .addStateStore(BanRequests.STORE.builder(storeKind), PROCESSOR)
                .addSink(
                        IntakeSinks.STEPS,
                        stepsSink,
                        Topics.INTAKE_STEPS.key().serializer(),
                        Topics.INTAKE_STEPS.value().serializer(),
                        new ToPartition<>(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.COMMANDS,
                        Topics.COMMANDS.name(),
                        Topics.COMMANDS.key().serializer(),
                        Topics.COMMANDS.value().serializer(),
                        new CommandPartitions(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.REPLIES,
                        Topics.BUSINESS_REPLIES.name(),
                        Topics.BUSINESS_REPLIES.key().serializer(),
                        Topics.BUSINESS_REPLIES.value().serializer(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.DIRECTORY_COMMANDS,
                        Topics.DIRECTORY_COMMANDS.name(),
                        Topics.DIRECTORY_COMMANDS.key().serializer(),
                        Topics.DIRECTORY_COMMANDS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.USER_COMMANDS,
                        Topics.USER_COMMANDS.name(),
                        Topics.USER_COMMANDS.key().serializer(),
                        Topics.USER_COMMANDS.value().serializer(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.AUDIT,
                        Topics.AUDIT.name(),
                        Topics.AUDIT.key().serializer(),
                        Topics.AUDIT.value().serializer(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.DEAD_LETTERS,
                        Topics.DEAD_LETTERS.name(),
                        Topics.DEAD_LETTERS.key().serializer(),
                        Topics.DEAD_LETTERS.value().serializer(),
                        PROCESSOR);
    }
}
