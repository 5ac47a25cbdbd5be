package dev.tidings.ops.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A hash of an event's bytes that Java and ClickHouse compute alike: the first 8 bytes of MD5. It finds damage, not forgery. */
final class EventHash {

    /** The hash of the column {@code raw} in ClickHouse. */
    static final String SQL = "reinterpretAsInt64(substring(MD5(raw), 1, 8))";

    private EventHash() {}

    static long of(byte[] event) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(event);
            return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
