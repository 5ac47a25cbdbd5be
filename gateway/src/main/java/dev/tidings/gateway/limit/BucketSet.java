package dev.tidings.gateway.limit;

import org.jspecify.annotations.Nullable;

/** The token buckets of one connection, user or address: one for each kind of work that was done. Not thread-safe. */
final class BucketSet {

    private static final int KINDS = LimitedWork.values().length;

    private final @Nullable TokenBucket[] buckets = new @Nullable TokenBucket[KINDS];

    /** @return 0 if the work is allowed; otherwise the nanoseconds after which it is */
    long tryTake(LimitedWork work, long amount, RateLimit limit, long nowNanos) {
        TokenBucket bucket = buckets[work.ordinal()];
        if (bucket == null) {
            bucket = new TokenBucket(limit, nowNanos);
            buckets[work.ordinal()] = bucket;
        }
        return bucket.tryTake(amount, limit, nowNanos);
    }
}
