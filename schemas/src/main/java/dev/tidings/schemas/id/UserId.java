package dev.tidings.schemas.id;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** User ids, and group ids alike: {@code [A-Za-z0-9_.-]{1,64}}. */
public final class UserId {

    private static final int MAX_LENGTH = 64;

    private UserId() {}

    public static boolean isValid(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().allMatch(UserId::isAllowed);
    }

    /**
     * The inbox partition a user lies in: the one Kafka's own partitioner finds for the id as a key, so that what is
     * keyed by user and what is addressed to inbox partitions meet in one task.
     */
    public static int inboxPartition(String userId, int partitions) {
        return Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-';
    }
}
