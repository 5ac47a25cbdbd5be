package dev.tidings.connectors.clickhouse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;
import java.util.Locale;

/** Converts values of the contract to values of columns. */
final class Values {

    /** A field or value that this version does not know. The event's bytes are stored, and a replay completes the row. */
    private static final String UNKNOWN = "unknown";

    /** The range of DateTime64. */
    private static final long EARLIEST_MILLIS =
            Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();

    private static final long LATEST_MILLIS =
            Instant.parse("2299-12-31T23:59:59.999Z").toEpochMilli();

    private Values() {}

    /** The time of an event, in milliseconds. */
    static long millis(Timestamp time, String name) {
        long millis = Timestamps.toMillis(time);
        if (millis < EARLIEST_MILLIS || millis > LATEST_MILLIS) {
            throw new IllegalArgumentException(name + " is outside of 1900 to 2299");
        }
        return millis;
    }

    /** The end of a period, in milliseconds. Users choose it freely, so it is clamped to the range of the column. */
    static long untilMillis(Timestamp time) {
        return Math.clamp(Timestamps.toMillis(time), EARLIEST_MILLIS, LATEST_MILLIS);
    }

    /** The name in the contract of the field with this number. */
    static String fieldName(Message message, int number) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
        return field == null ? UNKNOWN : field.getName();
    }

    /** Such as {@code by_approval}. */
    static String name(ProtocolMessageEnum value) {
        return value.toString().equals("UNRECOGNIZED")
                ? UNKNOWN
                : value.toString().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if the id is empty */
    static String user(String userId) {
        if (userId.isEmpty()) {
            throw new IllegalArgumentException("the event names no user");
        }
        return userId;
    }
}
