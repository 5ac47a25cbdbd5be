package dev.tidings.ops.trace;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.ops.trace.StepMatcher.Match;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Finds the records of a message, from its command to its push. Reads committed records of a limited time. */
public final class Trace {

    /** Clocks of gateways and brokers may differ by this. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final KafkaLog log;
    private final Instant from;
    private final Instant until;
    private final StepMatcher matcher;

    private Trace(KafkaLog log, String messageId, Duration within) {
        this.log = log;
        Instant createdAt = timeOf(messageId);
        this.from = createdAt.minus(CLOCK_TOLERANCE);
        this.until = createdAt.plus(within);
        this.matcher = new StepMatcher(messageId);
    }

    /**
     * Returns all records of the message, by time, and at equal times in the order of the flow.
     *
     * @param within how long after the message to search
     * @throws IllegalArgumentException if no message can have this id
     */
    public static List<Step> of(KafkaLog log, String messageId, Duration within) {
        Trace trace = new Trace(log, messageId, within);
        List<Step> found = new ArrayList<>();
        found.addAll(trace.in(Topics.COMMANDS, trace.matcher::of));
        // a conversation is in one partition, so the message's event comes before the events that refer to it
        found.addAll(trace.in(Topics.CONVERSATION_EVENTS, trace.matcher::of));
        found.addAll(trace.in(Topics.INBOX, trace.matcher::of));
        found.addAll(trace.in(Topics.DELIVERIES, trace.matcher::of));
        found.addAll(trace.in(Topics.NOTIFICATIONS, trace.matcher::of));
        found.addAll(trace.in(Topics.PUSH_RETRIES, trace.matcher::of));
        found.addAll(trace.in(Topics.PUSH_OUTCOMES, trace.matcher::of));
        return found.stream().sorted(Comparator.comparing(Step::at)).toList();
    }

    /** Returns the time in an id: Tidings' UUIDs of version 7 and 8 begin with it. */
    static Instant timeOf(String messageId) {
        UUID id;
        try {
            id = UUID.fromString(messageId);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + messageId + "\" is not a message id", e);
        }
        if (id.version() != 7 && id.version() != 8) {
            throw new IllegalArgumentException(
                    "\"" + messageId + "\" is not a message id: those are UUIDs of version 7 or 8");
        }
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    private <V> List<Step> in(Topic<?, V> topic, Function<V, @Nullable Match> matching) {
        List<Step> found = new ArrayList<>();
        for (int partition = 0; partition < log.partitions(topic.name()); partition++) {
            read(topic, new TopicPartition(topic.name(), partition), matching, found);
        }
        return found;
    }

    private <V> void read(
            Topic<?, V> topic, TopicPartition partition, Function<V, @Nullable Match> matching, List<Step> found) {
        Long first = log.offsetAt(partition, from);
        if (first == null) {
            return;
        }
        long end = log.end(partition, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(partition, first, end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                Instant at = Instant.ofEpochMilli(record.timestamp());
                if (at.isAfter(until)) {
                    return;
                }
                V value = valueOf(topic, record);
                Match step = value == null ? null : matching.apply(value);
                if (step != null) {
                    String position = partition.topic() + '/' + partition.partition() + '@' + record.offset();
                    found.add(new Step(at, position, step.stage(), step.description()));
                }
            }
        }
    }

    /** Returns null for a value that cannot be read; it is a dead letter. */
    private static <V> @Nullable V valueOf(Topic<?, V> topic, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        try {
            return topic.value().deserializer().deserialize(record.topic(), record.headers(), record.value());
        } catch (SerializationException e) {
            return null;
        }
    }
}
