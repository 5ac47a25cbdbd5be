package dev.tidings.gateway.limit;

/** The tokens that are left of one {@link RateLimit}. Full at first. The caller passes a monotonic time. Not thread-safe. */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private double tokens;
    private long filledAtNanos;

    TokenBucket(RateLimit limit, long nowNanos) {
        this.tokens = limit.burst();
        this.filledAtNanos = nowNanos;
    }

    /**
     * Takes tokens if there are enough. An amount above the burst is allowed when the bucket is full, and leaves a debt.
     *
     * @return 0 if the tokens were taken; otherwise the nanoseconds after which they can be taken
     */
    long tryTake(long amount, RateLimit limit, long nowNanos) {
        long elapsedNanos = Math.max(0, nowNanos - filledAtNanos);
        tokens = Math.min(limit.burst(), tokens + elapsedNanos / NANOS * limit.perSecond());
        filledAtNanos += elapsedNanos;
        double missing = Math.min(amount, limit.burst()) - tokens;
        if (missing > 0) {
            return Math.max(1, (long) Math.ceil(missing / limit.perSecond() * NANOS));
        }
        tokens -= amount;
        return 0;
    }
}
