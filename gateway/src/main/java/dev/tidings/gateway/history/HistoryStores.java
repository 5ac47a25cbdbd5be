package dev.tidings.gateway.history;

/** The places where history is kept, opened together. */
public final class HistoryStores implements AutoCloseable {

    private final RedisHistory redis;
    private final ClickHouseHistory clickHouse;

    public HistoryStores(HistoryConfig config) {
        this.redis = new RedisHistory(config.redisUrl());
        this.clickHouse = new ClickHouseHistory(config);
    }

    /** Redis first, then ClickHouse. */
    public History history() {
        return new LayeredHistory(redis, clickHouse);
    }

    @Override
    public void close() {
        clickHouse.close();
        redis.close();
    }
}
