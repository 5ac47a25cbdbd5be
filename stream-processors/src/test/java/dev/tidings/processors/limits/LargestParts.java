package dev.tidings.processors.limits;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Parts of the largest commands: ids and texts of the greatest length, and unknown fields. */
final class LargestParts {

    static final String GROUP = "g:" + "G".repeat(64);
    static final String ROOM = "r:" + "R".repeat(64);
    static final String BROADCAST = "b:" + "B".repeat(64);
    static final int SLOTS = 3;

    static final Timestamp LATER = Timestamp.newBuilder()
            .setSeconds(1_800_000_000L)
            .setNanos(999_999_999)
            .build();

    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(
                    9_999,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[400_000]))
                            .build())
            .build();

    private final Random random;

    LargestParts(Random random) {
        this.random = random;
    }

    static String user(int number) {
        return "u".repeat(56) + String.format("%08d", number);
    }

    static String pair(int one, int other) {
        return "p:" + user(Math.min(one, other)) + ':' + user(Math.max(one, other));
    }

    static List<String> users(int from, int to) {
        List<String> users = new ArrayList<>();
        for (int i = from; i < to; i++) {
            users.add(user(i));
        }
        return users;
    }

    Origin origin() {
        return Origin.newBuilder()
                .setGatewaySlot(random.nextInt(SLOTS))
                .setSessionId(session(random.nextInt(1_000)))
                .setFrameId("f".repeat(64))
                .setUnknownFields(unknown())
                .build();
    }

    /** As long as INTAKE lets it be. */
    Origin businessOrigin() {
        return Origin.newBuilder()
                .setBusiness(
                        BusinessOrigin.newBuilder().setSource("s".repeat(128)).setRequestId("q".repeat(128)))
                .build();
    }

    static String session(int number) {
        return String.format("%036d", number);
    }

    static String device(int number) {
        return "d".repeat(124) + String.format("%04d", number);
    }

    /** So many bytes of UTF-8 in all kinds of letters, and not blank. */
    String text(int bytes) {
        return switch (random.nextInt(3)) {
            case 0 -> "x".repeat(bytes);
            case 1 -> "好".repeat(bytes / 3);
            default -> "😀".repeat(bytes / 4);
        };
    }

    ByteString bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /** Readers discard unknown fields; if they did not, limits would break. */
    static UnknownFieldSet unknown() {
        return UNKNOWN;
    }
}
