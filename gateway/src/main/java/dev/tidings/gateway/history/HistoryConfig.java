package dev.tidings.gateway.history;

import dev.tidings.schemas.settings.Settings;

/**
 * Where history is kept.
 *
 * @param redisUrl what is recent ({@code redis.url})
 * @param clickHouseUrl all of it ({@code clickhouse.url}, {@code clickhouse.user}, {@code clickhouse.password})
 */
public record HistoryConfig(String redisUrl, String clickHouseUrl, String clickHouseUser, String clickHousePassword) {

    public static HistoryConfig from(Settings settings) {
        return new HistoryConfig(
                settings.required("redis.url"),
                settings.required("clickhouse.url"),
                settings.text("clickhouse.user", "default"),
                settings.text("clickhouse.password", ""));
    }

    @Override
    public String toString() {
        return "HistoryConfig[" + clickHouseUrl + "]";
    }
}
