package dev.tidings.gateway.directory;

import dev.tidings.v1.UserProfile;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profiles that were read a moment ago, and ids that the directory did not have, within a limit in bytes. The least
 * recently used entries leave first. Thread-safe.
 */
final class ProfileCache {

    /** Of an entry besides its profile: its key, its objects and its place in the map. */
    static final int BYTES_PER_ENTRY = 300;

    /**
     * A result of a read.
     *
     * @param profile null: the directory did not have the user
     * @param readNanos the time of the read
     */
    record Entry(@Nullable UserProfile profile, long readNanos) {

        long bytes() {
            // objects of a parsed profile take about twice the bytes of the serialized one
            return BYTES_PER_ENTRY + (profile == null ? 0 : 2L * profile.getSerializedSize());
        }
    }

    private final long maxBytes;
    private final long maxAgeNanos;
    private final long maxUnknownAgeNanos;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    /**
     * @param maxAge of profiles
     * @param maxUnknownAge of ids that the directory did not have: shorter, because a new user is visible soon
     */
    ProfileCache(long maxBytes, Duration maxAge, Duration maxUnknownAge) {
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAge.toNanos();
        this.maxUnknownAgeNanos = maxUnknownAge.toNanos();
    }

    /** Returns null if the user is not cached, or for too long. */
    synchronized @Nullable Entry get(String userId, long nowNanos) {
        Entry entry = entries.get(userId);
        if (entry == null) {
            return null;
        }
        long maxNanos = entry.profile() != null ? maxAgeNanos : maxUnknownAgeNanos;
        if (nowNanos - entry.readNanos() >= maxNanos) {
            entries.remove(userId);
            bytes -= entry.bytes();
            return null;
        }
        return entry;
    }

    /** @param profile null: the directory does not have the user */
    synchronized void put(String userId, @Nullable UserProfile profile, long nowNanos) {
        Entry entry = new Entry(profile, nowNanos);
        Entry replaced = entries.put(userId, entry);
        bytes += entry.bytes() - (replaced == null ? 0 : replaced.bytes());
        Iterator<Map.Entry<String, Entry>> eldest = entries.entrySet().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            bytes -= eldest.next().getValue().bytes();
            eldest.remove();
        }
    }

    /** Returns the number of cached ids. */
    synchronized int size() {
        return entries.size();
    }
}
