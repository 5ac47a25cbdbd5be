package dev.tidings.schemas.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

/** Creates ids of commands, which become ids of messages: UUIDs (RFC 9562) that begin with a time and sort by it. */
public final class CommandId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private CommandId() {}

    /** A new unique id: UUIDv7. */
    public static String next() {
        return of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    /**
     * The id of the command in a record; the same whenever the record is read. A UUIDv8 with the record's time in place of the time
     * of a UUIDv7, and with a hash of topic, partition and offset in place of the random bits. Because of the time, a topic that is
     * deleted and created again does not repeat ids.
     *
     * @param epochMillis the record's timestamp
     */
    public static String ofRecord(String topic, int partition, long offset, long epochMillis) {
        return ofPosition(topic + '/' + partition + '/' + offset, epochMillis);
    }

    /**
     * The id of one of several commands in a record.
     *
     * @param index the position of the command in the record
     */
    public static String ofRecord(String topic, int partition, long offset, int index, long epochMillis) {
        return ofPosition(topic + '/' + partition + '/' + offset + '/' + index, epochMillis);
    }

    private static String ofPosition(String position, long epochMillis) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(position));
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
