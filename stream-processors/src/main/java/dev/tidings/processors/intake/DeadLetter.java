package dev.tidings.processors.intake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came, with headers that say from where and why: {@code tidings.topic}, {@code .partition}, {@code
 * .offset} and {@code .reason}, all of them text.
 *
 * <p>Where it is so large that with them it might not fit into a record of Kafka, its parts are cut, and {@code
 * tidings.cut} says how large they were; the whole of it is where the other headers say. Otherwise one record larger
 * than the broker takes would stop the topology for good.
 */
final class DeadLetter {

    static final String TOPIC = "tidings.topic";
    static final String PARTITION = "tidings.partition";
    static final String OFFSET = "tidings.offset";
    static final String REASON = "tidings.reason";
    static final String CUT = "tidings.cut";

    /** Kafka's default for a record is 1,048,576 bytes, with everything. */
    static final int MAX_BYTES = 900_000;

    static final int CUT_VALUE_BYTES = 409_600;
    static final int CUT_KEY_BYTES = 65_536;
    static final int CUT_HEADERS_BYTES = 65_536;

    private static final int OVERHEAD_OF_A_HEADER = 16;

    private DeadLetter() {}

    static Record<byte[], byte[]> of(Record<byte[], byte[]> record, RecordMetadata at, String reason) {
        long keyBytes = sizeOf(record.key());
        long valueBytes = sizeOf(record.value());
        long headersBytes = sizeOf(record.headers());
        boolean fits = keyBytes + valueBytes + headersBytes <= MAX_BYTES;
        Headers headers = new RecordHeaders();
        if (fits || headersBytes <= CUT_HEADERS_BYTES) {
            record.headers().forEach(headers::add);
        }
        add(headers, TOPIC, at.topic());
        add(headers, PARTITION, Integer.toString(at.partition()));
        add(headers, OFFSET, Long.toString(at.offset()));
        add(headers, REASON, reason);
        if (fits) {
            return record.withHeaders(headers);
        }
        add(headers, CUT, "bytes of key: " + keyBytes + ", value: " + valueBytes + ", headers: " + headersBytes);
        return new Record<>(
                cut(record.key(), CUT_KEY_BYTES), cut(record.value(), CUT_VALUE_BYTES), record.timestamp(), headers);
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

    @SuppressWarnings("NullAway") // records may be without a key or a value
    private static byte[] cut(byte @Nullable [] bytes, int size) {
        return bytes == null || bytes.length <= size ? bytes : Arrays.copyOf(bytes, size);
    }
}
