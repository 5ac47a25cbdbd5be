package dev.tidings.gateway.history;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.schemas.Limits;
import java.util.function.LongSupplier;

/** The stores of history: Redis, ClickHouse and the archive, which ClickHouse reads. */
public final class HistoryStores {

    private final RedisHistory redis;
    private final ClickHouseHistory clickHouse;
    private final EventArchiveReader archive;
    private final DeletedEvents deletedEvents;
    private final CircuitBreaker redisBreaker = new CircuitBreaker("redis", System::nanoTime);
    private final CircuitBreaker clickHouseBreaker = new CircuitBreaker("clickhouse", System::nanoTime);
    private final CircuitBreaker archiveBreaker = new CircuitBreaker("archive", System::nanoTime);
    private final Meter redisReads = new Meter();
    private final Meter clickHouseReads = new Meter();
    private final Meter archiveReads = new Meter();

    public HistoryStores(ReadModels readModels) {
        this.redis = new RedisHistory(readModels.redis());
        this.deletedEvents = new RedisDeletedEvents(readModels.redis());
        this.clickHouse = new ClickHouseHistory(readModels.clickHouse());
        this.archive = new EventArchiveReader(
                readModels.clickHouse(), clickHouseBreaker, readModels.archive(), archiveBreaker, archiveReads);
    }

    /**
     * Returns a history that reads Redis first, then ClickHouse, then the archive, each behind a circuit breaker. Reads the next page
     * ahead from the latter two.
     *
     * @param logMillis the time of the log, by which messages expire
     */
    public History history(LongSupplier logMillis) {
        return new LayeredHistory(
                new GuardedLayer(redis, redisBreaker, redisReads),
                new ReadAheadLayer(
                        new TieredHistory(new GuardedLayer(clickHouse, clickHouseBreaker, clickHouseReads), archive),
                        Thread::startVirtualThread,
                        System::nanoTime),
                Limits.PAGE,
                logMillis,
                System::nanoTime);
    }

    /** Returns the events that users have deleted for themselves, as Redis stores them. */
    public DeletedEvents deletedEvents() {
        return deletedEvents;
    }

    /** Adds for each store a gauge: 1 while it does not answer, which the next read notices; and a counter of reads. */
    public void registerMetrics(MetricRegistry metrics) {
        metrics.register("tidings.gateway.history.redis-reads", redisReads);
        metrics.register("tidings.gateway.history.clickhouse-reads", clickHouseReads);
        metrics.register("tidings.gateway.history.archive-reads", archiveReads);
        metrics.register("tidings.gateway.history.redis-unavailable", unavailable(redisBreaker));
        metrics.register("tidings.gateway.history.clickhouse-unavailable", unavailable(clickHouseBreaker));
        metrics.register("tidings.gateway.history.archive-unavailable", unavailable(archiveBreaker));
    }

    private static Gauge<Integer> unavailable(CircuitBreaker breaker) {
        return () -> breaker.isOpen() ? 1 : 0;
    }

    /** Returns the search index, which is in ClickHouse, behind a circuit breaker. */
    public SearchIndex searchIndex() {
        CircuitBreaker breaker = new CircuitBreaker("clickhouse search", System::nanoTime);
        return (query, limit) -> breaker.call(() -> clickHouse.candidates(query, limit));
    }
}
