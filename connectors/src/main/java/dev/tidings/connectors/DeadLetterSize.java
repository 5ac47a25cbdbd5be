package dev.tidings.connectors;

import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a record and its reason so that the dead letter fits into a Kafka record together with the headers that Connect adds (1,048,576
 * bytes by default). A letter that Kafka refuses would stop the task for good. The header {@code tidings.cut} gives the original
 * sizes; Connect's headers give the place of the whole record.
 */
final class DeadLetterSize {

    static final String CUT = "tidings.cut";

    /** Bytes of key, value and headers together. Connect's own headers, with the stack trace, take the rest. */
    static final int MAX_BYTES = 800_000;

    static final int CUT_VALUE_BYTES = 409_600;
    static final int CUT_KEY_BYTES = 65_536;
    static final int MAX_REASON_CHARS = 8_192;

    private static final int OVERHEAD_OF_A_HEADER = 16;
    private static final int MAX_CAUSES = 8;
    private static final long NO_TIMESTAMP = -1;

    private DeadLetterSize() {}

    /** The record itself if it is small enough, otherwise a cut one. */
    static SinkRecord fitted(SinkRecord record) {
        long keyBytes = size(record.key());
        long valueBytes = size(record.value());
        long headersBytes = size(record.headers());
        if (keyBytes + valueBytes + headersBytes <= MAX_BYTES) {
            return record;
        }
        Headers headers = new ConnectHeaders();
        headers.addString(CUT, "bytes of key: " + keyBytes + ", value: " + valueBytes + ", headers: " + headersBytes);
        // Connect turns it into a Kafka record, which needs a timestamp
        Long timestamp = record.timestamp();
        return new SinkRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                cut(record.key(), CUT_KEY_BYTES),
                record.valueSchema(),
                cut(record.value(), CUT_VALUE_BYTES),
                record.kafkaOffset(),
                timestamp == null ? NO_TIMESTAMP : timestamp,
                record.timestampType(),
                headers);
    }

    /** The reason itself if its messages are short enough, otherwise their beginning without the causes. */
    static Throwable fitted(Throwable reason) {
        long chars = 0;
        int causes = 0;
        for (@Nullable Throwable cause = reason; cause != null && causes < MAX_CAUSES; cause = cause.getCause()) {
            chars += String.valueOf(cause.getMessage()).length();
            causes++;
        }
        if (chars <= MAX_REASON_CHARS && causes < MAX_CAUSES) {
            return reason;
        }
        String text = reason.toString();
        return new IllegalArgumentException(text.substring(0, Math.min(text.length(), MAX_REASON_CHARS)));
    }

    private static long size(@Nullable Object bytes) {
        return bytes instanceof byte[] array ? array.length : 0;
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            long value = header.schema() != null && header.schema().type() == Schema.Type.BYTES
                    ? size(header.value())
                    : String.valueOf(header.value()).length();
            size += OVERHEAD_OF_A_HEADER + header.key().length() + value;
        }
        return size;
    }

    private static @Nullable Object cut(@Nullable Object bytes, int size) {
        return bytes instanceof byte[] array && array.length > size ? Arrays.copyOf(array, size) : bytes;
    }
}
