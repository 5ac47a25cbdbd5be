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
 * The way back of dead letters: to the topic that they came from, with the key, headers and time that they had there. It
 * is a new record, behind all that has been said since.
 */
public final class Retries {

    /** What is asked may be corrected. What the topologies decided may not: it follows from the log. */
    private static final Set<String> ASKED =
            Set.of(Topics.BUSINESS.name(), Topics.COMMANDS.name(), Topics.USER_COMMANDS.name());

    /** Topics in which the key finds the partition. In the others the partition means something by itself. */
    private static final Set<String> PARTITIONED_BY_KEY =
            Set.of(Topics.COMMANDS.name(), Topics.USER_COMMANDS.name(), Topics.USER_EVENTS.name());

    private final KafkaLog log;

    public Retries(KafkaLog log) {
        this.log = log;
    }

    /**
     * What is to be appended to try a letter again.
     *
     * @param corrected the value to send in place of the original one, which may then be JSON also where the topic holds
     *     protobuf; null for the original
     */
    public Retry of(DeadLetter letter, byte @Nullable [] corrected) {
        Place from = letter.from();
        if (from == null) {
            return new Refused("its headers do not say where it came from");
        }
        Topic<?, ?> topic = ReadableValue.topic(from.topic());
        if (topic == null) {
            return new Refused(from.topic() + " is no topic of Tidings");
        }
        if (topic.equals(Topics.CONVERSATION_EVENTS)) {
            return new Refused(topic.name() + " is the history, and still holds it at " + from
                    + ": appended again, everybody would read it twice. Have the sink read it again (Rebuilding)");
        }
        if (corrected != null && !ASKED.contains(topic.name())) {
            return new Refused(
                    "what lies in " + topic.name() + " was decided by the topologies: it cannot be corrected");
        }
        byte[] value = letter.value();
        byte[] key = letter.key();
        List<Header> headers = letter.original();
        if (letter.cut() != null) {
            ConsumerRecord<byte[], byte[]> whole = whole(letter, from);
            if (whole == null) {
                return new Refused("it was cut (" + letter.cut() + "), and its original is no longer at " + from);
            }
            value = whole.value();
            key = whole.key();
            headers = Arrays.asList(whole.headers().toArray());
        }
        if (corrected != null) {
            value = encoded(topic, corrected);
            if (value == null) {
                return new Refused(
                        "the corrected value is no " + ReadableValue.nameOf(topic) + ", in JSON or protobuf");
            }
        }
        return new Possible(new ProducerRecord<>(
                topic.name(), partition(topic, from), letter.time().toEpochMilli(), key, value, headers));
    }

    /** The original of a letter that was cut, if it is still there. After a topic was made anew, another may be there. */
    private @Nullable ConsumerRecord<byte[], byte[]> whole(DeadLetter letter, Place from) {
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

    /** Null leaves it to Kafka's partitioner, which finds for the key what it found before. */
    private static @Nullable Integer partition(Topic<?, ?> topic, Place from) {
        return PARTITIONED_BY_KEY.contains(topic.name()) ? null : from.partition();
    }

    /** Null where these bytes are nothing that the topic holds. */
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
