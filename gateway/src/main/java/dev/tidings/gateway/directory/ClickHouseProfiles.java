package dev.tidings.gateway.directory;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.v1.UserProfile;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** Reads profiles from the table of the ClickHouse sink, which has all of them. */
final class ClickHouseProfiles implements ProfileStore {

    private final ClickHouseReader clickHouse;

    ClickHouseProfiles(ClickHouseReader clickHouse) {
        this.clickHouse = clickHouse;
    }

    @Override
    public Map<String, UserProfile> read(Set<String> userIds) {
        String sql = """
                SELECT user_id, display_name, avatar_url, locale, time_zone, hex(custom), toUnixTimestamp64Milli(created_at),
                    toUnixTimestamp64Milli(updated_at), disabled, version
                FROM %s FINAL WHERE user_id IN (%s)
                """.formatted(HistoryTables.USERS, String.join(", ", Collections.nCopies(userIds.size(), "?")));
        return clickHouse.query(sql, statement -> bind(statement, userIds), rows -> {
            Map<String, UserProfile> profiles = new HashMap<>();
            while (rows.next()) {
                profiles.put(rows.getString(1), profile(rows));
            }
            return profiles;
        });
    }

    private static void bind(PreparedStatement statement, Set<String> userIds) throws SQLException {
        int at = 1;
        for (String userId : userIds) {
            statement.setString(at++, userId);
        }
    }

    private static UserProfile profile(ResultSet row) throws SQLException {
        return UserProfile.newBuilder()
                .setUserId(row.getString(1))
                .setDisplayName(row.getString(2))
                .setAvatarUrl(row.getString(3))
                .setLocale(row.getString(4))
                .setTimeZone(row.getString(5))
                // hex: the driver reads String columns as text
                .setCustom(ByteString.copyFrom(HexFormat.of().parseHex(row.getString(6))))
                .setCreatedAt(Timestamps.fromMillis(row.getLong(7)))
                .setUpdatedAt(Timestamps.fromMillis(row.getLong(8)))
                .setDisabled(row.getBoolean(9))
                .setVersion(row.getLong(10))
                .build();
    }
}
