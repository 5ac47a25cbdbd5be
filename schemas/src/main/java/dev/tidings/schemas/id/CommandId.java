package dev.tidings.schemas.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

/** Ids of commands, and so of messages: UUIDs (RFC 9562) that begin with the time of their making, and sort by it. */
public final class CommandId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private CommandId() {}

    /** An id that nobody else has: UUIDv7. */
    public static String next() {
        return of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    /**
     * The id of what a record asks for, the same whenever it is read: UUIDv8, with the record's time where UUIDv7 has
     * the time, and for its random bits those of a hash of the record's place in the log. The time is in it so that a
     * topic which is deleted and begins anew at offset 0 does not give old ids again.
     *
     * @param epochMillis the record's time
     */
    public static String ofRecord(String topic, int partition, long offset, long epochMillis) {
        return ofPlace(topic + '/' + partition + '/' + offset, epochMillis);
    }

    /**
     * The same for a record that asks for many things.
     *
     * @param index which of them it is
     */
    public static String ofRecord(String topic, int partition, long offset, int index, long epochMillis) {
        return ofPlace(topic + '/' + partition + '/' + offset + '/' + index, epochMillis);
    }

    private static String ofPlace(String place, long epochMillis) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(place));
        return of(epochMillis, 0x8000L, hash.getLong(), hash.getLong());
    }

    static String of(long epochMillis, long randomA, long randomB) {
        return of(epochMillis, 0x7000L, randomA, randomB);
    }

    private static String of(long epochMillis, long version, long bitsA, long bitsB) {
        long most = (epochMillis << 16) | version | (bitsA & 0x0FFFL);
        long least = 0x8000_0000_0000_0000L | (bitsB & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(most, least).toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
