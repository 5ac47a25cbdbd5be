package dev.tidings.ops.erasure;

import dev.tidings.connectors.redis.RedisConnection;
import dev.tidings.connectors.redis.RedisServers;
import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.api.sync.RedisServerCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Removes keys with words from Redis. All of them can be rebuilt from the log. */
final class RedisErasure implements AutoCloseable {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REWRITE_TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final RedisServers servers;
    private final RedisConnection<String, String> connection;

    RedisErasure(String url) {
        this.servers = RedisServers.of(url, COMMAND_TIMEOUT);
        this.connection = servers.connect(StringCodec.UTF8);
    }

    /** Removes the recent events of a conversation: reads of history continue in ClickHouse. */
    void eraseConversation(String conversationId) {
        connection.sync().del(RedisKeys.recentEvents(conversationId), RedisKeys.changes(conversationId));
    }

    /** Removes the view, with its preview, that the user has of the conversation. */
    void eraseView(String userId, String conversationId) {
        connection.sync().hdel(RedisKeys.views(userId), conversationId);
    }

    /** Removes the profile and the views of a user. */
    void eraseUser(String userId) {
        connection.sync().del(RedisKeys.profile(userId), RedisKeys.views(userId), RedisKeys.badge(userId));
    }

    /**
     * Lets every server, replicas included, write its append-only file again, without the removed keys.
     *
     * @return false if a server has no append-only file, or has not finished within ten minutes
     */
    boolean rewriteFiles() {
        List<? extends RedisServerCommands<String, String>> all = connection.servers();
        if (!all.stream().allMatch(server -> isSet(server, "aof_enabled"))) {
            return false;
        }
        all.forEach(RedisServerCommands::bgrewriteaof);
        long deadline = System.nanoTime() + REWRITE_TIMEOUT.toNanos();
        while (all.stream()
                .anyMatch(
                        server -> isSet(server, "aof_rewrite_in_progress") || isSet(server, "aof_rewrite_scheduled"))) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private static boolean isSet(RedisServerCommands<String, String> server, String field) {
        return server.info("persistence").lines().anyMatch(line -> line.equals(field + ":1"));
    }

    @Override
    public void close() {
        connection.close();
        servers.close();
    }
}
