package dev.tidings.processors.intake;

import dev.tidings.schemas.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Builds the topology INTAKE, which is stateless.
 *
 * <pre>
 * business ─▶ intake ─┬▶ commands (rules: every partition)
 *                     └▶ dead-letters
 * </pre>
 */
public final class IntakeTopology {

    /**
     * All commands of a {@code sendToMany} are in one transaction. A transaction that exceeds its timeout would be aborted and
     * retried forever, so the timeout is long enough for five of the largest requests, and a poll returns at most five. A long
     * timeout does no harm after a crash: INTAKE has no stores to restore, and CONVERSATION reads uncommitted records.
     */
    public static final Map<String, Object> SETTINGS = Map.of(
            StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000,
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5);

    private static final String SOURCE = "business";
    private static final String PROCESSOR = "intake";

    private IntakeTopology() {}

    public static Topology build() {
        return new Topology()
                .addSource(
                        SOURCE,
                        Topics.BUSINESS.key().deserializer(),
                        Topics.BUSINESS.value().deserializer(),
                        Topics.BUSINESS.name())
                .addProcessor(PROCESSOR, IntakeProcessor::new, SOURCE)
                .addSink(
                        IntakeSinks.COMMANDS,
                        Topics.COMMANDS.name(),
                        Topics.COMMANDS.key().serializer(),
                        Topics.COMMANDS.value().serializer(),
                        new CommandPartitions(),
                        PROCESSOR)
                .addSink(
                        IntakeSinks.DEAD_LETTERS,
                        Topics.DEAD_LETTERS.name(),
                        Topics.DEAD_LETTERS.key().serializer(),
                        Topics.DEAD_LETTERS.value().serializer(),
                        PROCESSOR);
    }
}
