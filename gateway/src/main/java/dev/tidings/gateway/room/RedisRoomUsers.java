package dev.tidings.gateway.room;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.RoomUsers;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Keeps the users of rooms in Redis: a sorted set for each room and gateway, so that a page costs one read of each running gateway,
 * however many users there are. Thread-safe.
 */
public final class RedisRoomUsers implements RoomUserStore, RoomUserPages {

    /** Longer than a few refreshes: users of a gateway that was killed disappear with its heartbeat already. */
    static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    /** Users in one call of Redis. */
    static final int USERS_PER_CALL = 1_000;

    private final RedisReader redis;
    private final CircuitBreaker breaker = new CircuitBreaker("redis-rooms", System::nanoTime);
    private final int slot;
    private final long epoch;
    private final Supplier<List<GatewayBeat>> gateways;

    /**
     * @param slot of this gateway
     * @param epoch of this gateway
     * @param gateways the last heartbeats of the gateways that run
     */
    public RedisRoomUsers(RedisReader redis, int slot, long epoch, Supplier<List<GatewayBeat>> gateways) {
        this.redis = redis;
        this.slot = slot;
        this.epoch = epoch;
        this.gateways = gateways;
    }

    @Override
    public void replace(String roomId, Collection<String> userIds) {
        byte[] key = key(roomId);
        breaker.call(() -> redis.call(commands -> commands.del(key)));
        add(key, userIds);
    }

    @Override
    public void change(String roomId, Collection<String> entered, Collection<String> left) {
        byte[] key = key(roomId);
        add(key, entered);
        for (List<String> part : parts(left)) {
            byte[][] members = part.stream().map(RedisRoomUsers::utf8).toArray(byte[][]::new);
            breaker.call(() -> redis.call(commands -> commands.zrem(key, members)));
        }
    }

    private void add(byte[] key, Collection<String> userIds) {
        for (List<String> part : parts(userIds)) {
            Object[] scoresAndMembers = part.stream()
                    .<Object>mapMulti((userId, into) -> {
                        into.accept(0.0); // members of one score are ordered by their bytes
                        into.accept(utf8(userId));
                    })
                    .toArray();
            breaker.call(() -> redis.call(commands -> commands.zadd(key, scoresAndMembers)));
        }
        if (!userIds.isEmpty()) {
            refresh(key);
        }
    }

    @Override
    public boolean refresh(String roomId) {
        return refresh(key(roomId));
    }

    private boolean refresh(byte[] key) {
        return breaker.call(() -> redis.call(commands -> commands.expire(key, TIME_TO_LIVE.toSeconds())));
    }

    @Override
    public RoomUsers page(String roomId, String afterUserId, int limit) {
        TreeSet<String> merged = new TreeSet<>();
        long users = 0;
        for (GatewayBeat gateway : gateways.get()) {
            byte[] key = utf8(RedisKeys.roomUsers(roomId, gateway.getSlot(), gateway.getEpoch()));
            users += breaker.call(() -> redis.call(commands -> commands.zcard(key)));
            merged.addAll(after(key, afterUserId, limit + 1));
        }
        List<String> page = merged.stream().limit(limit).toList();
        RoomUsers.Builder reply =
                RoomUsers.newBuilder().addAllUserIds(page).setUserCount((int) Math.min(Integer.MAX_VALUE, users));
        return merged.size() > limit ? reply.setNextAfterUserId(page.getLast()).build() : reply.build();
    }

    private List<String> after(byte[] key, String afterUserId, int limit) {
        Range.Boundary<byte[]> begin =
                afterUserId.isEmpty() ? Range.Boundary.unbounded() : Range.Boundary.excluding(utf8(afterUserId));
        Range<byte[]> range = Range.from(begin, Range.Boundary.unbounded());
        return breaker
                .call(() -> redis.call(commands -> commands.zrangebylex(key, range, Limit.create(0, limit))))
                .stream()
                .map(member -> new String(member, StandardCharsets.UTF_8))
                .toList();
    }

    private byte[] key(String roomId) {
        return utf8(RedisKeys.roomUsers(roomId, slot, epoch));
    }

    private static List<List<String>> parts(Collection<String> userIds) {
        List<String> all = List.copyOf(userIds);
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += USERS_PER_CALL) {
            parts.add(all.subList(from, Math.min(all.size(), from + USERS_PER_CALL)));
        }
        return parts;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
