package dev.tidings.processors.intake;

import dev.tidings.schemas.Topics;
import org.apache.kafka.streams.Topology;

/**
 * <pre>
 * business ─▶ intake ─┬▶ commands (rules: every partition)
 *                     └▶ dead-letters
 * </pre>
 */
public final class IntakeTopology {

    static final String COMMANDS_SINK = "commands";
    static final String DEAD_LETTERS_SINK = "dead-letters";

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
                        COMMANDS_SINK,
                        Topics.COMMANDS.name(),
                        Topics.COMMANDS.key().serializer(),
                        Topics.COMMANDS.value().serializer(),
                        new CommandPartitions(),
                        PROCESSOR)
                .addSink(
                        DEAD_LETTERS_SINK,
                        Topics.DEAD_LETTERS.name(),
                        Topics.DEAD_LETTERS.key().serializer(),
                        Topics.DEAD_LETTERS.value().serializer(),
                        PROCESSOR);
    }
}
