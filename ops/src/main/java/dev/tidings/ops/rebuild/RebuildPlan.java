package dev.tidings.ops.rebuild;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * The positions and the retention from before a rebuild of the state. Kept in Kafka until the rebuild is complete, because the rebuild
 * deletes the groups whose positions it contains.
 *
 * @param inboxRetentionMillis the retention of {@code tidings.inbox}, which the rebuild suspends
 * @param inputEnds the position of the state in each input partition: the rebuild stops there
 */
record RebuildPlan(long inboxRetentionMillis, Map<TopicPartition, Long> inputEnds) {

    private static final String RETENTION = "inbox-retention-millis";

    RebuildPlan {
        inputEnds = Map.copyOf(inputEnds);
    }

    /** Returns one line for the retention and one for each partition: topic, partition and offset. */
    String toText() {
        Map<String, String> lines = new TreeMap<>();
        inputEnds.forEach((partition, end) -> lines.put(
                partition.topic() + ' ' + partition.partition(),
                partition.topic() + ' ' + partition.partition() + ' ' + end));
        return RETENTION
                + ' '
                + inboxRetentionMillis
                + '\n'
                + lines.values().stream().map(line -> line + '\n').collect(Collectors.joining());
    }

    /** @throws CannotRebuildException if the text is no plan */
    static RebuildPlan parse(String text) {
        Map<TopicPartition, Long> ends = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        Long retention = null;
        try {
            for (String line : text.lines().toList()) {
                String[] words = line.split(" ", -1);
                if (words.length == 2 && words[0].equals(RETENTION)) {
                    retention = Long.valueOf(words[1]);
                } else {
                    ends.put(new TopicPartition(words[0], Integer.parseInt(words[1])), Long.valueOf(words[2]));
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new CannotRebuildException(
                    "topic " + UnfinishedRebuild.TOPIC + " does not contain the plan of a rebuild: " + text);
        }
        if (retention == null) {
            throw new CannotRebuildException("topic " + UnfinishedRebuild.TOPIC + " has no " + RETENTION + ": " + text);
        }
        return new RebuildPlan(retention, ends);
    }
}
