package dev.tidings.schemas.id;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Checks user ids, and the ids of groups, rooms and broadcasts: {@code [A-Za-z0-9_.-]{1,64}}. */
public final class UserId {

    private static final int MAX_LENGTH = 64;

    private UserId() {}

    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        // no stream: every command and every event passes here
        for (int i = 0; i < text.length(); i++) {
            if (!isAllowed(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The inbox partition of a user: the one to which Kafka's default partitioner maps the id. So records that are keyed by user and
     * records that are addressed to an inbox partition are processed by the same task.
     */
    public static int inboxPartition(String userId, int partitions) {
        return Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** Whether an id may contain this character. */
    public static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-';
    }
}
