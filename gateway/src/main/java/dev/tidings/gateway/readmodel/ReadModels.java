package dev.tidings.gateway.readmodel;

/** Opens and closes the clients of Redis and ClickHouse. Neither needs to run yet: both clients connect at the first read. */
public final class ReadModels implements AutoCloseable {

    private final RedisReader redis;
    private final ClickHouseReader clickHouse;

    public ReadModels(ReadModelConfig config) {
        this.redis = new RedisReader(config.redisUrl());
        this.clickHouse = new ClickHouseReader(config);
    }

    public RedisReader redis() {
        return redis;
    }

    public ClickHouseReader clickHouse() {
        return clickHouse;
    }

    @Override
    public void close() {
        clickHouse.close();
        redis.close();
    }
}
