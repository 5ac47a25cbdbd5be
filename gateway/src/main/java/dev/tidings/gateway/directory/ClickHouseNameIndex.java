package dev.tidings.gateway.directory;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.ArrayList;
import java.util.List;

/** Finds names by the primary key of the table of the ClickHouse sink. */
public final class ClickHouseNameIndex implements NameIndex {

    private final ClickHouseReader clickHouse;

    private ClickHouseNameIndex(ClickHouseReader clickHouse) {
        this.clickHouse = clickHouse;
    }

    /** Returns an index behind a circuit breaker. */
    public static NameIndex of(ReadModels readModels) {
        CircuitBreaker breaker = new CircuitBreaker("clickhouse names", System::nanoTime);
        NameIndex index = new ClickHouseNameIndex(readModels.clickHouse());
        return (foldedPrefix, limit) -> breaker.call(() -> index.candidates(foldedPrefix, limit));
    }

    @Override
    public List<String> candidates(String foldedPrefix, int limit) {
        String sql = "SELECT user_id FROM " + HistoryTables.USER_NAME_KEYS
                + " WHERE startsWith(name_key, ?) ORDER BY name_key, user_id LIMIT 1 BY user_id LIMIT " + limit;
        return clickHouse.query(sql, statement -> statement.setString(1, foldedPrefix), rows -> {
            List<String> userIds = new ArrayList<>();
            while (rows.next()) {
                userIds.add(rows.getString(1));
            }
            return userIds;
        });
    }
}
