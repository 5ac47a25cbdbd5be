package dev.tidings.processors.intake;

import dev.tidings.v1.Command;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Partitions commands by conversation with Kafka's default partitioner, and writes changes of rules to every partition: so each task of
 * CONVERSATION has them in its own log, at the same position in every replay.
 */
final class CommandPartitions implements StreamPartitioner<String, Command> {

    @Override
    public Optional<Set<Integer>> partitions(String topic, String conversationId, Command command, int numPartitions) {
        if (command.getRules().hasList()) {
            return Optional.of(Set.of(0)); // every partition has the rules, and the first one replies
        }
        return command.hasRules()
                ? Optional.of(IntStream.range(0, numPartitions).boxed().collect(Collectors.toCollection(TreeSet::new)))
                : Optional.empty();
    }
}
