package dev.tidings.gateway.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.gateway.readmodel.ClusteredRedis;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.UserProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Profiles in a real Redis Cluster, where each has a slot of its own. */
class RedisProfilesTest {

    @Test
    @Timeout(180)
    void profiles_of_different_slots_are_read_together(@TempDir Path directory) throws Exception {
        UserProfile anna = profile("anna");
        UserProfile bert = profile("bert");
        try (ClusteredRedis server = ClusteredRedis.start(directory);
                RedisReader redis = server.reader()) {
            for (UserProfile profile : Set.of(anna, bert)) {
                redis.call(commands -> commands.hset(
                        utf8(RedisKeys.profile(profile.getUserId())), utf8(RedisKeys.PROFILE), profile.toByteArray()));
            }

            assertEquals(
                    Map.of("anna", anna, "bert", bert),
                    new RedisProfiles(redis).read(Set.of("anna", "bert", "unknown")));
        }
    }

    private static UserProfile profile(String userId) {
        return UserProfile.newBuilder()
                .setUserId(userId)
                .setDisplayName("Name of " + userId)
                .build();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
