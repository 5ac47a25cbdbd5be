package dev.tidings.ops.deadletters;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record that was put aside, whoever did it: what it was, where it came from, and why. */
public final class DeadLetter {

    private static final String CUT = "cut";

    /** The sinks write it before Connect writes its headers, so it stands among those that the record had. */
    private static final String CUT_BY_SINK = "tidings.cut";

    private final ConsumerRecord<byte[], byte[]> record;
    private final @Nullable Writer writer;
    private final List<Header> original;
    private final List<Header> added;

    private DeadLetter(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
        List<Header> headers = Arrays.asList(record.headers().toArray());
        this.writer = Writer.of(headers);
        int before = writer == null ? headers.size() : writer.before(headers);
        this.original = List.copyOf(headers.subList(0, before));
        this.added = List.copyOf(headers.subList(before, headers.size()));
    }

    /** The letter that a record of {@code tidings.dead-letters} is. */
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(record);
    }

    /** Its offset in the topic of dead letters. */
    public long id() {
        return record.offset();
    }

    /** The time of the record that was put aside. */
    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    byte @Nullable [] key() {
        return record.key();
    }

    byte @Nullable [] value() {
        return record.value();
    }

    /** The headers that the record had. */
    List<Header> original() {
        return original;
    }

    /** The headers that say from where and why. */
    List<Header> added() {
        return added;
    }

    /** Null where the headers do not say, as of a record that somebody else wrote there. */
    public @Nullable Place from() {
        String topic = header("topic");
        String partition = header("partition");
        String offset = header("offset");
        if (topic == null || partition == null || offset == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(partition);
            long at = Long.parseLong(offset);
            return number < 0 || at < 0 ? null : new Place(topic, number, at);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Why it was put aside, as far as its headers say. */
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

    /** How large its parts were, if they were cut; null if it is whole. */
    @Nullable
    String cut() {
        return writer == Writer.SINK ? last(original, CUT_BY_SINK) : header(CUT);
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
