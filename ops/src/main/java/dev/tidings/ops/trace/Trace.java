package dev.tidings.ops.trace;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.ops.trace.Steps.Seen;
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

/** Follows a message from its command to its notification. Reads what is committed, within a stretch of time. */
public final class Trace {

    /** Clocks of gateways and brokers differ. */
    private static final Duration EARLIER = Duration.ofSeconds(30);

    private final KafkaLog log;
    private final Instant from;
    private final Instant until;
    private final Steps steps;

    private Trace(KafkaLog log, String messageId, Duration within) {
        this.log = log;
        Instant made = timeOf(messageId);
        this.from = made.minus(EARLIER);
        this.until = made.plus(within);
        this.steps = new Steps(messageId);
    }

    /**
     * All steps, by time, and of one time in the order of the flow.
     *
     * @param within how long after the message was made to look
     * @throws IllegalArgumentException where the id is none that a message can have
     */
    public static List<Step> of(KafkaLog log, String messageId, Duration within) {
        Trace trace = new Trace(log, messageId, within);
        List<Step> found = new ArrayList<>();
        found.addAll(trace.in(Topics.COMMANDS, trace.steps::of));
        // a conversation lies in one partition, so what came of the message comes after it
        found.addAll(trace.in(Topics.CONVERSATION_EVENTS, trace.steps::of));
        found.addAll(trace.in(Topics.INBOX, trace.steps::of));
        found.addAll(trace.in(Topics.DELIVERIES, trace.steps::of));
        found.addAll(trace.in(Topics.NOTIFICATIONS, trace.steps::of));
        found.addAll(trace.in(Topics.PUSH_OUTCOMES, trace.steps::of));
        return found.stream().sorted(Comparator.comparing(Step::at)).toList();
    }

    /** The time at which an id was made: UUIDv7 and v8 of ours begin with it. */
    static Instant timeOf(String messageId) {
        UUID id;
        try {
            id = UUID.fromString(messageId);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + messageId + "\" is no message id", e);
        }
        if (id.version() != 7 && id.version() != 8) {
            throw new IllegalArgumentException(
                    "\"" + messageId + "\" is no message id: those are UUIDs of version 7 or 8");
        }
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    private <V> List<Step> in(Topic<?, V> topic, Function<V, @Nullable Seen> seen) {
        List<Step> found = new ArrayList<>();
        for (int partition = 0; partition < log.partitions(topic.name()); partition++) {
            read(topic, new TopicPartition(topic.name(), partition), seen, found);
        }
        return found;
    }

    private <V> void read(
            Topic<?, V> topic, TopicPartition partition, Function<V, @Nullable Seen> seen, List<Step> found) {
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
                Seen step = value == null ? null : seen.apply(value);
                if (step != null) {
                    String place = partition.topic() + '/' + partition.partition() + '@' + record.offset();
                    found.add(new Step(at, place, step.stage(), step.what()));
                }
            }
        }
    }

    /** What cannot be read is somebody else's trouble: it lies in the dead letters. */
    private static <V> @Nullable V valueOf(Topic<?, V> topic, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        try {
            return topic.value().deserializer().deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return null;
        }
    }
}
