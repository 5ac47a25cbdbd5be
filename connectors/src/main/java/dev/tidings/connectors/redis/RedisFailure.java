package dev.tidings.connectors.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a failure of Redis means for the change that met it. */
enum RedisFailure {
    /** The same change may well succeed later: unreachable, loading, busy, out of memory, a replica for now. */
    MAY_PASS,
    /** What lies under this key is no set or hash, and not ours to delete. */
    BAD_KEY,
    /** Wrong password or too few rights. Somebody must act. */
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
