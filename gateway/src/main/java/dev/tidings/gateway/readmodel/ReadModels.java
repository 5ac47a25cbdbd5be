package dev.tidings.gateway.readmodel;

/** Opens and closes the clients of Redis and ClickHouse. Neither needs to run yet: both clients connect at the first read. */
public final class ReadModels implements AutoCloseable {

    private final RedisReader redis;
    /** Object storage is slower than tables, and few users read that far back. */
    private static final int ARCHIVE_CONNECTIONS = 2;

    private static final int ARCHIVE_TIMEOUT_MILLIS = 6_000;

    private final ClickHouseReader clickHouse;
    private final ClickHouseReader archive;

    public ReadModels(ReadModelConfig config) {
        this.redis = new RedisReader(config.redisUrl());
        this.clickHouse = ClickHouseReader.ofTables(config);
        this.archive = ClickHouseReader.ofObjects(config, ARCHIVE_CONNECTIONS, ARCHIVE_TIMEOUT_MILLIS);
    }

    public RedisReader redis() {
        return redis;
    }

    public ClickHouseReader clickHouse() {
        return clickHouse;
    }

    /** Returns the reader of archived events, with connections and a time-out of its own. */
    public ClickHouseReader archive() {
        return archive;
    }

    @Override
    public void close() {
        archive.close();
        clickHouse.close();
        redis.close();
    }
}
