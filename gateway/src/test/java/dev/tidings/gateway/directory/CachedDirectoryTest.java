package dev.tidings.gateway.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.UserProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CachedDirectoryTest {

    private final AtomicLong nanos = new AtomicLong();
    private final FakeStore redis = new FakeStore();
    private final FakeStore clickHouse = new FakeStore();
    private final CachedDirectory directory = new CachedDirectory(
            new ProfileCache(1 << 20, CachedDirectory.MAX_AGE, CachedDirectory.MAX_UNKNOWN_AGE),
            redis,
            clickHouse,
            nanos::get);

    @Test
    void clickhouse_is_asked_only_for_users_that_redis_does_not_have() {
        redis.has("alice", "Alice");
        clickHouse.has("alice", "older");
        clickHouse.has("yu", "小雨");

        assertEquals(Map.of("alice", "Alice", "yu", "小雨"), names("alice", "yu", "ghost"));
        assertEquals(List.of(Set.of("alice", "yu", "ghost")), redis.reads);
        assertEquals(List.of(Set.of("yu", "ghost")), clickHouse.reads);
    }

    @Test
    void a_second_read_is_answered_from_the_cache_until_its_entries_are_too_old() {
        redis.has("alice", "Alice");
        names("alice", "ghost");
        redis.has("alice", "Alice Müller");
        assertEquals(Map.of("alice", "Alice"), names("alice", "ghost"));
        assertEquals(1, redis.reads.size());
        assertEquals(1, clickHouse.reads.size());

        nanos.addAndGet(CachedDirectory.MAX_AGE.toNanos());
        assertEquals(Map.of("alice", "Alice Müller"), names("alice", "ghost"));
    }

    @Test
    void without_redis_all_is_read_from_clickhouse() {
        redis.failure = new ReadModelUnavailableException("Redis does not answer");
        clickHouse.has("alice", "Alice");
        assertTrue(directory.read(Set.of("alice", "ghost")).complete());
        assertEquals(Map.of("alice", "Alice"), names("alice", "ghost"));
    }

    @Test
    void a_redis_that_rejects_the_query_counts_as_one_that_has_nothing() {
        redis.failure = new IllegalStateException("WRONGTYPE");
        clickHouse.has("alice", "Alice");
        assertEquals(Map.of("alice", "Alice"), names("alice"));
    }

    @Test
    void without_clickhouse_a_reply_is_incomplete_and_unknown_users_are_read_again() {
        redis.has("alice", "Alice");
        clickHouse.failure = new ReadModelUnavailableException("ClickHouse does not answer");
        UserDirectory.Profiles partly = directory.read(Set.of("alice", "yu"));
        assertEquals(Set.of("alice"), partly.byUserId().keySet());
        assertFalse(partly.complete());
        assertTrue(directory.read(Set.of("alice")).complete(), "Redis has all of these");

        clickHouse.failure = null;
        clickHouse.has("yu", "小雨");
        assertEquals(Map.of("alice", "Alice", "yu", "小雨"), names("alice", "yu"));
    }

    private Map<String, String> names(String... userIds) {
        Map<String, String> names = new HashMap<>();
        directory.read(Set.of(userIds)).byUserId().forEach((id, profile) -> names.put(id, profile.getDisplayName()));
        return names;
    }

    private static final class FakeStore implements ProfileStore {

        private final Map<String, UserProfile> profiles = new HashMap<>();
        private final List<Set<String>> reads = new ArrayList<>();
        private @Nullable RuntimeException failure;

        void has(String userId, String name) {
            profiles.put(
                    userId,
                    UserProfile.newBuilder()
                            .setUserId(userId)
                            .setDisplayName(name)
                            .build());
        }

        @Override
        public Map<String, UserProfile> read(Set<String> userIds) {
            if (failure != null) {
                throw failure;
            }
            reads.add(new TreeSet<>(userIds));
            Map<String, UserProfile> found = new HashMap<>(profiles);
            found.keySet().retainAll(userIds);
            return found;
        }
    }
}
