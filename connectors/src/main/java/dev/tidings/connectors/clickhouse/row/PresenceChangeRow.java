package dev.tidings.connectors.clickhouse.row;

import java.util.List;

/**
 * The presence of a user changed.
 *
 * @param platforms of the connected devices, such as {@code ios}
 */
public record PresenceChangeRow(String userId, long changedAtMillis, boolean online, List<String> platforms)
        implements Row {

    static final Columns<PresenceChangeRow> COLUMNS = Columns.<PresenceChangeRow>builder()
            .string("user_id", PresenceChangeRow::userId)
            .int64("changed_at", PresenceChangeRow::changedAtMillis)
            .bool("online", PresenceChangeRow::online)
            .strings("platforms", PresenceChangeRow::platforms)
            .build();

    public PresenceChangeRow {
        platforms = List.copyOf(platforms);
    }

    @Override
    public Table table() {
        return Table.PRESENCE_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
