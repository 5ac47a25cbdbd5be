package dev.tidings.gateway.readmodel;

import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.settings.Settings;

/**
 * The addresses of the read models.
 *
 * @param redisUrl Redis: recent events and profiles of users ({@code redis.url})
 * @param clickHouseUrl ClickHouse: all events and profiles ({@code clickhouse.url}, {@code clickhouse.user}, {@code clickhouse.password})
 * @param clickHouseCluster the cluster of ClickHouse servers ({@code clickhouse.cluster}); or none
 */
public record ReadModelConfig(
        String redisUrl,
        String clickHouseUrl,
        String clickHouseUser,
        String clickHousePassword,
        ClickHouseCluster clickHouseCluster) {

    public static ReadModelConfig from(Settings settings) {
        return new ReadModelConfig(
                settings.required("redis.url"),
                settings.required("clickhouse.url"),
                settings.text("clickhouse.user", "default"),
                settings.text("clickhouse.password", ""),
                ClickHouseCluster.from(settings));
    }

    @Override
    public String toString() {
        return "ReadModelConfig[" + clickHouseUrl + "]";
    }
}
