package dev.tidings.gateway.history;

import dev.tidings.schemas.settings.Settings;

/**
 * The addresses of the history stores.
 *
 * @param redisUrl the store of recent events ({@code redis.url})
 * @param clickHouseUrl the store of all events ({@code clickhouse.url}, {@code clickhouse.user}, {@code clickhouse.password})
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
