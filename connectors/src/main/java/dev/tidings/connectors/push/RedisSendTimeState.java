package dev.tidings.connectors.push;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.redis.RedisConnection;
import dev.tidings.connectors.redis.RedisServers;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.Notification;
import dev.tidings.v1.UserBadge;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up the state in the data of the Redis sink. Redis may lag, lack data or be unavailable; then the state is unknown in part or as a
 * whole. After a failure Redis is not asked for a few seconds, so that it delays no notifications.
 */
final class RedisSendTimeState implements SendTimeState.Source, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisSendTimeState.class);

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_A_FAILURE = Duration.ofSeconds(5);

    /** Of edits and recalls of one message. */
    private static final long MAX_CHANGES = 100;

    private final RedisServers servers;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable RedisConnection<String, byte[]> connection;
    private volatile long notBeforeNanos = System.nanoTime();

    RedisSendTimeState(String url) {
        this.servers = RedisServers.of(url, TIMEOUT);
    }

    @Override
    public SendTimeState of(Notification notification) throws InterruptedException {
        if (System.nanoTime() - notBeforeNanos < 0) {
            return SendTimeState.UNKNOWN;
        }
        try {
            RedisConnection<String, byte[]> open = connected();
            return open == null ? SendTimeState.UNKNOWN : ask(open.async(), notification);
        } catch (TimeoutException | ExecutionException | RedisException e) {
            notBeforeNanos = System.nanoTime() + PAUSE_AFTER_A_FAILURE.toNanos();
            LOG.warn("redis lookups of notifications paused reason={}", e.toString());
            return SendTimeState.UNKNOWN;
        } catch (InvalidProtocolBufferException | NumberFormatException e) {
            LOG.warn(
                    "state of a notification in redis cannot be read notification={}",
                    notification.getNotificationId());
            return SendTimeState.UNKNOWN;
        }
    }

    @Override
    public void close() {
        servers.close();
    }

    private static SendTimeState ask(RedisClusterAsyncCommands<String, byte[]> commands, Notification notification)
            throws InterruptedException, ExecutionException, TimeoutException, InvalidProtocolBufferException {
        String conversationId = notification.getConversationId();
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        Future<byte[]> view = commands.hget(RedisKeys.views(notification.getUserId()), conversationId);
        Future<List<byte[]>> changes = commands.zrangebyscore(
                RedisKeys.changes(conversationId),
                Range.create(notification.getSeq(), notification.getSeq()),
                Limit.create(0, MAX_CHANGES));
        Future<List<KeyValue<String, byte[]>>> badge = commands.hmget(
                RedisKeys.badge(notification.getUserId()), RedisKeys.BADGE_UNREAD, RedisKeys.BADGE_VERSION);
        return SendTimeState.parse(
                await(view, deadlineNanos), await(changes, deadlineNanos), badge(await(badge, deadlineNanos)));
    }

    /** @param fields unread and version */
    private static @Nullable UserBadge badge(List<KeyValue<String, byte[]>> fields) {
        return fields.stream().allMatch(KeyValue::hasValue)
                ? UserBadge.newBuilder()
                        .setUnread(number(fields.getFirst().getValue()))
                        .setVersion(number(fields.getLast().getValue()))
                        .build()
                : null;
    }

    private static long number(byte[] decimal) {
        return Long.parseLong(new String(decimal, StandardCharsets.US_ASCII));
    }

    private static <T> T await(Future<T> answer, long deadlineNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Null: another thread is connecting. */
    private @Nullable RedisConnection<String, byte[]> connected() throws InterruptedException {
        RedisConnection<String, byte[]> open = connection;
        if (open != null) {
            return open;
        }
        if (!connecting.tryLock(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            open = connection;
            if (open == null && System.nanoTime() - notBeforeNanos >= 0) {
                open = servers.connect(CODEC);
                connection = open;
            }
            return open;
        } finally {
            connecting.unlock();
        }
    }
}
