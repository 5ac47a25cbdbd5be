package dev.tidings.ops.deadletters;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record of {@code tidings.dead-letters}: the rejected record, its original position, and the reason. */
public final class DeadLetterRecord {

    private static final String CUT = "cut";

    /** The sinks add it before Connect adds its headers, so it is among the original headers. */
    private static final String CUT_BY_SINK = "tidings.cut";

    private final ConsumerRecord<byte[], byte[]> record;
    private final @Nullable DeadLetterWriter writer;
    private final List<Header> original;
    private final List<Header> added;

    private DeadLetterRecord(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
        List<Header> headers = Arrays.asList(record.headers().toArray());
        this.writer = DeadLetterWriter.of(headers);
        int originalCount = writer == null ? headers.size() : writer.originalCount(headers);
        this.original = List.copyOf(headers.subList(0, originalCount));
        this.added = List.copyOf(headers.subList(originalCount, headers.size()));
    }

    public static DeadLetterRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetterRecord(record);
    }

    /** The offset in {@code tidings.dead-letters}. */
    public long id() {
        return record.offset();
    }

    /** The timestamp of the rejected record. */
    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    byte @Nullable [] key() {
        return record.key();
    }

    byte @Nullable [] value() {
        return record.value();
    }

    /** The headers of the rejected record. */
    List<Header> original() {
        return original;
    }

    /** The headers that state origin and reason. */
    List<Header> added() {
        return added;
    }

    /** The original position; null if the headers do not state it, as of a record that another producer wrote. */
    public @Nullable RecordPosition from() {
        String topic = header("topic");
        String partition = header("partition");
        String offset = header("offset");
        if (topic == null || partition == null || offset == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(partition);
            long at = Long.parseLong(offset);
            return number < 0 || at < 0 ? null : new RecordPosition(topic, number, at);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The reason that the headers state, or {@code no reason given}. */
    String reason() {
        if (writer != null) {
            for (String name : writer.reasons()) {
                String reason = header(name);
                if (reason != null && !reason.isBlank()) {
                    return reason;
                }
            }
        }
        return "no reason given";
    }

    /** The original sizes of a letter whose key, value or headers were cut; null if it is complete. */
    @Nullable
    String cut() {
        return writer == DeadLetterWriter.SINK ? last(original, CUT_BY_SINK) : header(CUT);
    }

    private @Nullable String header(String name) {
        if (writer == null) {
            return null;
        }
        return last(added, writer.header(name));
    }

    private static @Nullable String last(List<Header> headers, String name) {
        for (Header header : headers.reversed()) {
            if (header.key().equals(name)) {
                return header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
