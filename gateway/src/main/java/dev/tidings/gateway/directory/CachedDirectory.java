package dev.tidings.gateway.directory;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.v1.UserProfile;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the cache first, then Redis, then ClickHouse: each of them only for the users that the one before does not have. */
public final class CachedDirectory implements UserDirectory {

    /** A changed profile is visible after this time and the lag of the sinks. */
    public static final Duration MAX_AGE = Duration.ofSeconds(30);

    /** A new user is visible after this time and the lag of the sinks. */
    static final Duration MAX_UNKNOWN_AGE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(CachedDirectory.class);

    /** About 20,000 profiles. */
    private static final long MAX_BYTES = 16L << 20;

    private final ProfileCache cache;
    private final ProfileStore redis;
    private final ProfileStore clickHouse;
    private final LongSupplier nanoTime;

    /** @param nanoTime a clock that never goes back */
    CachedDirectory(ProfileCache cache, ProfileStore redis, ProfileStore clickHouse, LongSupplier nanoTime) {
        this.cache = cache;
        this.redis = redis;
        this.clickHouse = clickHouse;
        this.nanoTime = nanoTime;
    }

    /** Returns a directory that reads both stores, each behind a circuit breaker. */
    public static UserDirectory of(ReadModels readModels) {
        return new CachedDirectory(
                new ProfileCache(MAX_BYTES, MAX_AGE, MAX_UNKNOWN_AGE),
                guarded("redis directory", new RedisProfiles(readModels.redis())),
                guarded("clickhouse directory", new ClickHouseProfiles(readModels.clickHouse())),
                System::nanoTime);
    }

    private static ProfileStore guarded(String name, ProfileStore store) {
        CircuitBreaker breaker = new CircuitBreaker(name, System::nanoTime);
        return userIds -> breaker.call(() -> store.read(userIds));
    }

    @Override
    public Profiles read(Set<String> userIds) {
        Map<String, UserProfile> found = new HashMap<>();
        Set<String> missing = new LinkedHashSet<>();
        for (String userId : userIds) {
            ProfileCache.Entry cached = cache.get(userId, nanoTime.getAsLong());
            if (cached == null) {
                missing.add(userId);
            } else if (cached.profile() != null) {
                found.put(userId, cached.profile());
            }
        }
        boolean complete = missing.isEmpty() || (readFrom(redis, missing, found) && missing.isEmpty());
        if (!complete) {
            complete = readFrom(clickHouse, missing, found);
            if (complete) {
                missing.forEach(userId -> cache.put(userId, null, nanoTime.getAsLong()));
            }
        }
        return new Profiles(found, complete);
    }

    /** Moves users from the missing to the found ones. Returns false if the store does not answer. */
    private boolean readFrom(ProfileStore store, Set<String> missing, Map<String, UserProfile> found) {
        try {
            store.read(Set.copyOf(missing)).forEach((userId, profile) -> {
                found.put(userId, profile);
                missing.remove(userId);
                cache.put(userId, profile, nanoTime.getAsLong());
            });
            return true;
        } catch (ReadModelUnavailableException e) {
            return false; // the circuit breaker has logged it
        } catch (RuntimeException e) {
            LOG.warn("profiles cannot be read users={}", missing.size(), e);
            return false;
        }
    }
}
