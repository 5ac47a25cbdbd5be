package dev.tidings.gateway.directory;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.UserProfile;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads profiles from the keys of the Redis sink. Redis may have lost some of them. */
final class RedisProfiles implements ProfileStore {

    /** One round trip for all profiles. */
    private static final String SCRIPT = """
            local profiles = {}
            for i, key in ipairs(KEYS) do profiles[i] = redis.call('HGET', key, ARGV[1]) end
            return profiles
            """;

    private final RedisReader redis;

    RedisProfiles(RedisReader redis) {
        this.redis = redis;
    }

    @Override
    public Map<String, UserProfile> read(Set<String> userIds) {
        byte[][] keys =
                userIds.stream().map(userId -> utf8(RedisKeys.profile(userId))).toArray(byte[][]::new);
        List<byte @Nullable []> stored =
                redis.call(commands -> commands.eval(SCRIPT, ScriptOutputType.MULTI, keys, utf8(RedisKeys.PROFILE)));
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
