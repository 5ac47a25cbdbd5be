package dev.tidings.processors.intake;

import dev.tidings.schemas.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * <pre>
 * business ─▶ intake ─┬▶ commands (rules: every partition)
 *                     └▶ dead-letters
 * </pre>
 */
public final class IntakeTopology {

    /**
     * A request to many is written in one transaction, and where that takes longer than a transaction may, it would be
     * aborted and tried again for ever. So there is time for five of the largest, and no more than five are taken in
     * before the next chance to commit. That others wait longer for a transaction which a crash has left open concerns
     * nobody here: there are no stores to restore, and CONVERSATION reads without waiting.
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
