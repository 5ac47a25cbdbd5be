package dev.tidings.processors.supervision;

import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Builds dead letters: the original record with headers for its origin and the reason: {@code tidings.topic}, {@code
 * .partition}, {@code .offset} and {@code .reason}, all of them text.
 *
 * <p>If the record would exceed {@link #MAX_BYTES}, its key, value and headers are cut, and {@code tidings.cut} gives
 * their original sizes; the origin headers lead to the complete record. Without the cut, one record larger than the
 * broker's limit would stop the topology for good. All dead letters of the topologies are built here: those of Kafka
 * Streams add a stack trace and have no size limit.
 */
public final class DeadLetter {

    public static final String TOPIC = "tidings.topic";
    public static final String PARTITION = "tidings.partition";
    public static final String OFFSET = "tidings.offset";
    public static final String REASON = "tidings.reason";
    public static final String CUT = "tidings.cut";

    /**
     * The largest sum of key, value and headers that is not cut. Kafka's default limit for a whole record is 1,048,576
     * bytes.
     */
    public static final int MAX_BYTES = Limits.DEAD_LETTER;

    public static final int CUT_VALUE_BYTES = 409_600;
    public static final int CUT_KEY_BYTES = 65_536;
    public static final int CUT_HEADERS_BYTES = 65_536;

    private static final int OVERHEAD_OF_A_HEADER = 16;

    private static final int MAX_REASON_LENGTH = 1_000;

    private DeadLetter() {}

    /** Builds a dead letter for a sink. */
    public static Record<byte[], byte[]> of(Record<byte[], byte[]> record, RecordMetadata at, String reason) {
        ProducerRecord<byte[], byte[]> letter = of(
                at.topic(),
                at.partition(),
                at.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers(),
                reason);
        return new Record<>(letter.key(), letter.value(), record.timestamp(), letter.headers());
    }

    /** Builds a dead letter for a producer. Leaves the timestamp to the broker if the record's own is negative. */
    public static ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> record, String reason) {
        return of(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers(),
                reason);
    }

    /** Builds a dead letter for an exception handler of Kafka Streams. */
    public static ProducerRecord<byte[], byte[]> of(ErrorHandlerContext at, String reason) {
        return of(
                at.topic(),
                at.partition(),
                at.offset(),
                at.timestamp(),
                at.sourceRawKey(),
                at.sourceRawValue(),
                at.headers(),
                reason);
    }

    private static ProducerRecord<byte[], byte[]> of(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers original,
            String reason) {
        long keyBytes = sizeOf(key);
        long valueBytes = sizeOf(value);
        long headersBytes = sizeOf(original);
        boolean fits = keyBytes + valueBytes + headersBytes <= MAX_BYTES;
        Headers headers = new RecordHeaders();
        if (fits || headersBytes <= CUT_HEADERS_BYTES) {
            original.forEach(headers::add);
        }
        add(headers, TOPIC, topic);
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
        add(headers, REASON, reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH));
        if (!fits) {
            add(headers, CUT, "bytes of key: " + keyBytes + ", value: " + valueBytes + ", headers: " + headersBytes);
        }
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS.name(),
                null,
                timestamp < 0 ? null : timestamp,
                fits ? key : cut(key, CUT_KEY_BYTES),
                fits ? value : cut(value, CUT_VALUE_BYTES),
                headers);
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static long sizeOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static long sizeOf(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += OVERHEAD_OF_A_HEADER
                    + header.key().getBytes(StandardCharsets.UTF_8).length
                    + sizeOf(header.value());
        }
        return size;
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int size) {
        return bytes == null || bytes.length <= size ? bytes : Arrays.copyOf(bytes, size);
    }
}
