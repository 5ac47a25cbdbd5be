package dev.tidings.ops.erasure;

import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Removes keys with words from Redis. All of them can be rebuilt from the log. */
final class RedisErasure implements AutoCloseable {

    private static final Duration REWRITE_TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    RedisErasure(String url) {
        this.client = RedisClient.create(url);
        this.connection = client.connect();
    }

    /** Removes the recent events of a conversation: reads of history continue in ClickHouse. */
    void eraseConversation(String conversationId) {
        commands().del(RedisKeys.recentEvents(conversationId), RedisKeys.changes(conversationId));
    }

    /** Removes the view, with its preview, that the user has of the conversation. */
    void eraseView(String userId, String conversationId) {
        commands().hdel(RedisKeys.views(userId), conversationId);
    }

    /** Removes the profile and the views of a user. */
    void eraseUser(String userId) {
        commands().del(RedisKeys.profile(userId), RedisKeys.views(userId), RedisKeys.badge(userId));
    }

    /**
     * Writes the append-only file again, without the removed keys.
     *
     * @return false if Redis has no append-only file, or has not finished within ten minutes
     */
    boolean rewriteFile() {
        if (!isSet("aof_enabled")) {
            return false;
        }
        commands().bgrewriteaof();
        long deadline = System.nanoTime() + REWRITE_TIMEOUT.toNanos();
        while (isSet("aof_rewrite_in_progress") || isSet("aof_rewrite_scheduled")) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private boolean isSet(String field) {
        return commands().info("persistence").lines().anyMatch(line -> line.equals(field + ":1"));
    }

    private RedisCommands<String, String> commands() {
        return connection.sync();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
