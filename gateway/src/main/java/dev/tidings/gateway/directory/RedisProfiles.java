package dev.tidings.gateway.directory;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads profiles from the keys of the Redis sink. Redis may have lost some of them. */
final class RedisProfiles implements ProfileStore {

    private final RedisReader redis;

    RedisProfiles(RedisReader redis) {
        this.redis = redis;
    }

    @Override
    public Map<String, UserProfile> read(Set<String> userIds) {
        byte[] field = utf8(RedisKeys.PROFILE);
        List<byte @Nullable []> stored = redis.callAll(commands -> userIds.stream()
                .map(userId -> commands.hget(utf8(RedisKeys.profile(userId)), field))
                .toList());
        Map<String, UserProfile> profiles = new HashMap<>();
        for (byte[] bytes : stored) {
            if (bytes != null) {
                UserProfile profile = parse(bytes);
                profiles.put(profile.getUserId(), profile);
            }
        }
        return profiles;
    }

    private static UserProfile parse(byte[] bytes) {
        try {
            return UserProfile.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("Redis returned a profile that cannot be parsed", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
