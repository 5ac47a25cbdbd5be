package dev.tidings.gateway.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The token buckets of all users, or of all addresses. Keeps a bounded number of keys: beyond it the key unused for longest is
 * dropped, and starts with full buckets when it comes back. Thread-safe: its parts have a lock each.
 *
 * @param <K> the user id or the address
 */
final class TokenBuckets<K> {

    private static final int PARTS = 16;

    /** The buckets of one key; each exists once its work was done. */
    private static final class Entry {

        private final BucketSet buckets = new BucketSet();
        private long usedAtNanos;
    }

    private final Map<LimitedWork, RateLimit> limits;
    private final int maxKeysPerPart;
    private final long idleNanos;
    private final List<LinkedHashMap<K, Entry>> parts;

    /** @param maxKeys at least 16 */
    TokenBuckets(Map<LimitedWork, RateLimit> limits, int maxKeys) {
        this.limits = limits;
        this.maxKeysPerPart = maxKeys / PARTS;
        double seconds = limits.values().stream()
                .mapToDouble(RateLimit::secondsToFill)
                .max()
                .orElse(0);
        this.idleNanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        this.parts = Stream.generate(() -> new LinkedHashMap<K, Entry>(16, 0.75f, true))
                .limit(PARTS)
                .toList();
    }

    /** @return 0 if the work is allowed; otherwise the nanoseconds after which it is */
    long tryTake(K key, LimitedWork work, long amount, long nowNanos) {
        RateLimit limit = limits.get(work);
        if (limit == null) {
            return 0;
        }
        LinkedHashMap<K, Entry> part = parts.get((key.hashCode() ^ (key.hashCode() >>> 16)) & (PARTS - 1));
        synchronized (part) {
            Entry entry = part.get(key);
            if (entry == null) {
                entry = new Entry();
                part.put(key, entry);
                if (part.size() > maxKeysPerPart) {
                    part.pollFirstEntry();
                }
            }
            entry.usedAtNanos = nowNanos;
            return entry.buckets.tryTake(work, amount, limit, nowNanos);
        }
    }

    /** Drops the keys whose buckets are full again. */
    void dropIdle(long nowNanos) {
        for (LinkedHashMap<K, Entry> part : parts) {
            synchronized (part) {
                Iterator<Entry> leastRecentFirst = part.values().iterator();
                while (leastRecentFirst.hasNext() && nowNanos - leastRecentFirst.next().usedAtNanos > idleNanos) {
                    leastRecentFirst.remove();
                }
            }
        }
    }

    int size() {
        int size = 0;
        for (LinkedHashMap<K, Entry> part : parts) {
            synchronized (part) {
                size += part.size();
            }
        }
        return size;
    }
}
