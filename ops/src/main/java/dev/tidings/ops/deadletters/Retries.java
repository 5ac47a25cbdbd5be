package dev.tidings.ops.deadletters;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tidings.ops.deadletters.Retry.Possible;
import dev.tidings.ops.deadletters.Retry.Refused;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes the record that retries a dead letter: for the original topic, with the original key, headers and timestamp. The record is
 * appended at the end of the topic, after everything written since.
 */
public final class Retries {

    /** Topics of requests, whose values may be corrected. Values that topologies wrote follow from the log and may not. */
    private static final Set<String> REQUESTS = Set.of(
            Topics.BUSINESS.name(),
            Topics.COMMANDS.name(),
            Topics.USER_COMMANDS.name(),
            Topics.DIRECTORY_COMMANDS.name());

    /** Topics partitioned by key. In the other topics the partition has a meaning of its own. */
    private static final Set<String> PARTITIONED_BY_KEY = Set.of(
            Topics.COMMANDS.name(),
            Topics.USER_COMMANDS.name(),
            Topics.USER_EVENTS.name(),
            Topics.DIRECTORY_COMMANDS.name(),
            Topics.DIRECTORY.name());

    private final KafkaLog log;

    public Retries(KafkaLog log) {
        this.log = log;
    }

    /**
     * Returns the record that retries this letter, or why it cannot be retried.
     *
     * @param corrected replaces the original value; may be JSON if the topic holds protobuf; null: the original value
     */
    public Retry of(DeadLetterRecord letter, byte @Nullable [] corrected) {
        RecordPosition from = letter.from();
        if (from == null) {
            return new Refused("its headers do not state its origin");
        }
        Topic<?, ?> topic = ReadableValue.topic(from.topic());
        if (topic == null) {
            return new Refused(from.topic() + " is not a topic of Tidings");
        }
        if (topic.equals(Topics.CONVERSATION_EVENTS)) {
            return new Refused(topic.name() + " is the history and still holds the record at " + from
                    + "; a second copy would be read twice. Let the sink read it again (see Rebuilding)");
        }
        if (corrected != null && !REQUESTS.contains(topic.name())) {
            return new Refused("topologies wrote " + topic.name() + "; its values cannot be corrected");
        }
        byte[] value = letter.value();
        byte[] key = letter.key();
        List<Header> headers = letter.original();
        if (letter.cut() != null) {
            ConsumerRecord<byte[], byte[]> whole = original(letter, from);
            if (whole == null) {
                return new Refused(
                        "it was cut (" + letter.cut() + "), and the original record is no longer at " + from);
            }
            value = whole.value();
            key = whole.key();
            headers = Arrays.asList(whole.headers().toArray());
        }
        if (corrected != null) {
            value = encoded(topic, corrected);
            if (value == null) {
                return new Refused(
                        "the corrected value is not a " + ReadableValue.nameOf(topic) + " in JSON or protobuf");
            }
        }
        return new Possible(new ProducerRecord<>(
                topic.name(), partition(topic, from), letter.time().toEpochMilli(), key, value, headers));
    }

    /** Returns the original record of a letter that was cut, or null. A recreated topic may hold another record there. */
    private @Nullable ConsumerRecord<byte[], byte[]> original(DeadLetterRecord letter, RecordPosition from) {
        ConsumerRecord<byte[], byte[]> there = log.find(
                new TopicPartition(from.topic(), from.partition()), from.offset(), IsolationLevel.READ_UNCOMMITTED);
        return there != null
                        && there.timestamp() == letter.time().toEpochMilli()
                        && beginsWith(there.key(), letter.key())
                        && beginsWith(there.value(), letter.value())
                ? there
                : null;
    }

    private static boolean beginsWith(byte @Nullable [] whole, byte @Nullable [] part) {
        if (whole == null || part == null) {
            return whole == null && part == null;
        }
        return part.length <= whole.length && Arrays.equals(part, 0, part.length, whole, 0, part.length);
    }

    /** Returns null to let Kafka's partitioner choose: it chooses the same partition for the same key. */
    private static @Nullable Integer partition(Topic<?, ?> topic, RecordPosition from) {
        return PARTITIONED_BY_KEY.contains(topic.name()) ? null : from.partition();
    }

    /** Returns the value in the topic's encoding, or null if it is not a value of this topic. */
    private static byte @Nullable [] encoded(Topic<?, ?> topic, byte[] corrected) {
        Message empty = ReadableValue.emptyMessage(topic);
        if (empty == null) {
            return corrected;
        }
        try {
            return ProtoJson.parse(new String(corrected, StandardCharsets.UTF_8), empty.newBuilderForType())
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException notJson) {
            try {
                topic.value().deserializer().deserialize(topic.name(), corrected);
                return corrected;
            } catch (SerializationException neitherProtobuf) {
                return null;
            }
        }
    }
}
