package dev.tidings.ops.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.log.Printable;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A record of {@code tidings.conversation-events}, recorded or computed, with all its bytes. */
final class EventRecord {

    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final long timestampMillis;
    private final List<Header> headers;
    private final @Nullable Long offset;
    private final @Nullable ConversationEvent event;

    private EventRecord(
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMillis,
            List<Header> headers,
            @Nullable Long offset) {
        this.key = key;
        this.value = value;
        this.timestampMillis = timestampMillis;
        this.headers = List.copyOf(headers);
        this.offset = offset;
        this.event = parsed(value);
    }

    static EventRecord recorded(ConsumerRecord<byte[], byte[]> record) {
        return new EventRecord(
                record.key(),
                record.value(),
                record.timestamp(),
                Arrays.asList(record.headers().toArray()),
                record.offset());
    }

    static EventRecord computed(TestRecord<byte[], byte[]> record) {
        return new EventRecord(
                record.key(),
                record.value(),
                Objects.requireNonNull(record.timestamp(), "a record of a topology has a timestamp"),
                Arrays.asList(record.headers().toArray()),
                null);
    }

    /** The offset of a recorded event; null for a computed one. */
    @Nullable
    Long offset() {
        return offset;
    }

    /** The id of the conversation; the key if the value cannot be read; {@code ?} if neither is readable. */
    String conversation() {
        if (event != null) {
            return event.getConversationId();
        }
        String text = key == null ? null : Printable.text(key);
        return text == null ? "?" : text;
    }

    /** The event; null if the value is not one. */
    @Nullable
    ConversationEvent event() {
        return event;
    }

    /** Whether both follow from the same command. */
    boolean hasSameOrigin(EventRecord other) {
        return event != null && other.event != null && event.getCommandId().equals(other.event.getCommandId());
    }

    /** Returns the first difference in a few words, or null if both are equal, byte for byte. */
    @Nullable
    String differenceFrom(EventRecord other) {
        int inValue = Arrays.mismatch(orEmpty(value), orEmpty(other.value));
        if (inValue >= 0 || (value == null) != (other.value == null)) {
            return "value, from byte " + Math.max(inValue, 0);
        }
        int inKey = Arrays.mismatch(orEmpty(key), orEmpty(other.key));
        if (inKey >= 0 || (key == null) != (other.key == null)) {
            return "key, from byte " + Math.max(inKey, 0);
        }
        if (timestampMillis != other.timestampMillis) {
            return "timestamp, " + timestampMillis + " and " + other.timestampMillis;
        }
        return headers.equals(other.headers) ? null : "headers, " + headers + " and " + other.headers;
    }

    /** Returns the event as JSON; if the value is not an event, its bytes in hex as a JSON string. */
    String json() {
        if (event != null) {
            return Printable.json(ProtoJson.print(event));
        }
        return value == null ? "null" : '"' + HexFormat.of().formatHex(value) + '"';
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    private static @Nullable ConversationEvent parsed(byte @Nullable [] value) {
        try {
            return value == null ? null : ConversationEvent.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
