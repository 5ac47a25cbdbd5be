package dev.tidings.schemas.id;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids of commands, and so of messages: UUIDv7 (RFC 9562), which sort by the time of their making. */
public final class CommandId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private CommandId() {}

    public static String next() {
        return of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    static String of(long epochMillis, long randomA, long randomB) {
        long most = (epochMillis << 16) | 0x7000L | (randomA & 0x0FFFL);
        long least = 0x8000_0000_0000_0000L | (randomB & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(most, least).toString();
    }
}
