package dev.tidings.gateway.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import dev.tidings.v1.UserProfile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProfileCacheTest {

    private static final Duration MAX_AGE = Duration.ofSeconds(30);
    private static final Duration MAX_UNKNOWN_AGE = Duration.ofSeconds(2);
    private static final long NOW = Long.MAX_VALUE - 5; // the clock may overflow

    private final ProfileCache cache =
            new ProfileCache(3 * ProfileCache.BYTES_PER_ENTRY + 200, MAX_AGE, MAX_UNKNOWN_AGE);

    @Test
    void an_entry_is_returned_until_it_is_too_old() {
        cache.put("alice", profile("alice", 1), NOW);
        assertEquals(profile("alice", 1), profileOf("alice", NOW + MAX_AGE.toNanos() - 1));
        assertNull(cache.get("alice", NOW + MAX_AGE.toNanos()));
        assertEquals(0, cache.size());
    }

    @Test
    void an_unknown_user_is_remembered_as_unknown_for_a_shorter_time() {
        cache.put("ghost", null, NOW);
        assertNull(profileOf("ghost", NOW));
        assertNull(profileOf("ghost", NOW + MAX_UNKNOWN_AGE.toNanos() - 1));
        assertNull(cache.get("ghost", NOW + MAX_UNKNOWN_AGE.toNanos()));
        assertNull(cache.get("other", NOW));
    }

    @Test
    void the_least_recently_used_entries_leave_when_the_bytes_exceed_the_limit() {
        cache.put("alice", profile("alice", 1), NOW);
        cache.put("bob", profile("bob", 1), NOW);
        cache.put("carol", profile("carol", 1), NOW);
        assertEquals(profile("alice", 1), profileOf("alice", NOW));
        cache.put("dave", profile("dave", 1), NOW);
        assertNull(cache.get("bob", NOW));
        assertEquals(profile("alice", 1), profileOf("alice", NOW));
        assertEquals(3, cache.size());
    }

    @Test
    void replacing_an_entry_does_not_use_up_the_limit() {
        for (int version = 1; version <= 1_000; version++) {
            cache.put("alice", profile("alice", version), NOW);
            cache.put("bob", profile("bob", version), NOW);
        }
        assertEquals(2, cache.size());
        assertEquals(profile("alice", 1_000), profileOf("alice", NOW));
    }

    @Test
    void a_profile_above_the_limit_is_not_kept() {
        UserProfile large = profile("alice", 1).toBuilder()
                .setCustom(ByteString.copyFrom(new byte[4_096]))
                .build();
        cache.put("alice", large, NOW);
        assertEquals(0, cache.size());
    }

    /** The cached result, which must be there. */
    private @Nullable UserProfile profileOf(String userId, long nowNanos) {
        ProfileCache.Entry entry = cache.get(userId, nowNanos);
        assertNotNull(entry);
        return entry.profile();
    }

    private static UserProfile profile(String userId, long version) {
        return UserProfile.newBuilder().setUserId(userId).setVersion(version).build();
    }
}
