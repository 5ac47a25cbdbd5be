package dev.tidings.connectors.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Classifies a failure of Redis: whether the same change may succeed later. */
enum RedisFailure {
    /** The same change may well succeed later: unreachable, loading, busy, out of memory, a replica for now. */
    MAY_PASS,
    /** The key holds a value of another type, which is not ours to delete. */
    BAD_KEY,
    /** Wrong password or missing rights: an operator must act. */
    BROKEN;

    private static final List<String> RIGHTS = List.of("NOAUTH", "WRONGPASS", "NOPERM");

    static RedisFailure of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException refused) {
                return ofAnswer(String.valueOf(refused.getMessage()));
            }
        }
        return MAY_PASS;
    }

    private static RedisFailure ofAnswer(String answer) {
        if (answer.contains("WRONGTYPE")) {
            return BAD_KEY;
        }
        return RIGHTS.stream().anyMatch(answer::startsWith) ? BROKEN : MAY_PASS;
    }
}
