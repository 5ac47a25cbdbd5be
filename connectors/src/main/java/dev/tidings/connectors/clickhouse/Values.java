package dev.tidings.connectors.clickhouse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;
import java.util.Locale;

/** What the contract says, as columns say it. */
final class Values {

    /** What this sink is too old to name. The event is stored by its bytes all the same, and a replay completes it. */
    private static final String UNKNOWN = "unknown";

    /** What DateTime64 can hold. */
    private static final long EARLIEST_MILLIS =
            Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();

    private static final long LATEST_MILLIS =
            Instant.parse("2299-12-31T23:59:59.999Z").toEpochMilli();

    private Values() {}

    /** When something happened. */
    static long millis(Timestamp time, String name) {
        long millis = Timestamps.toMillis(time);
        if (millis < EARLIEST_MILLIS || millis > LATEST_MILLIS) {
            throw new IllegalArgumentException(name + " is outside of 1900 to 2299");
        }
        return millis;
    }

    /** Until when something is to hold. That may be any time, as users wish: beyond what a column can hold, its limit. */
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

    /** @throws IllegalArgumentException where there is none */
    static String user(String userId) {
        if (userId.isEmpty()) {
            throw new IllegalArgumentException("the event names no user");
        }
        return userId;
    }
}
