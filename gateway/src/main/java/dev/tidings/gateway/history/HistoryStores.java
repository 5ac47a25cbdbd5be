package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.schemas.Limits;
import java.util.function.LongSupplier;

/** The stores of history: Redis and ClickHouse. */
public final class HistoryStores {

    private final RedisHistory redis;
    private final ClickHouseHistory clickHouse;

    public HistoryStores(ReadModels readModels) {
        this.redis = new RedisHistory(readModels.redis());
        this.clickHouse = new ClickHouseHistory(readModels.clickHouse());
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
}
