package dev.tidings.gateway.history;

import dev.tidings.schemas.Limits;
import java.util.function.LongSupplier;

/** Opens and closes the stores of history. */
public final class HistoryStores implements AutoCloseable {

    private final RedisHistory redis;
    private final ClickHouseHistory clickHouse;

    public HistoryStores(HistoryConfig config) {
        this.redis = new RedisHistory(config.redisUrl());
        this.clickHouse = new ClickHouseHistory(config);
    }

    /**
     * Returns a history that reads Redis first, then ClickHouse, each behind a circuit breaker.
     *
     * @param logMillis the time of the log, by which messages expire
     */
    public History history(LongSupplier logMillis) {
        return new LayeredHistory(
                new GuardedLayer(redis, new CircuitBreaker("redis", System::nanoTime)),
                new GuardedLayer(clickHouse, new CircuitBreaker("clickhouse", System::nanoTime)),
                Limits.PAGE,
                logMillis,
                System::nanoTime);
    }

    /** Returns the search index, which is in ClickHouse, behind a circuit breaker. */
    public SearchIndex searchIndex() {
        CircuitBreaker breaker = new CircuitBreaker("clickhouse search", System::nanoTime);
        return (query, limit) -> breaker.call(() -> clickHouse.candidates(query, limit));
    }

    @Override
    public void close() {
        clickHouse.close();
        redis.close();
    }
}
