package dev.tidings.connectors.clickhouse.row;

/**
 * A session was opened or closed.
 *
 * @param platform such as {@code ios}
 */
public record SessionChangeRow(
        String userId,
        String sessionId,
        boolean opened,
        long changedAtMillis,
        String deviceId,
        String platform,
        long gatewaySlot)
        implements Row {

    static final Columns<SessionChangeRow> COLUMNS = Columns.<SessionChangeRow>builder()
            .string("user_id", SessionChangeRow::userId)
            .string("session_id", SessionChangeRow::sessionId)
            .bool("opened", SessionChangeRow::opened)
            .int64("changed_at", SessionChangeRow::changedAtMillis)
            .string("device_id", SessionChangeRow::deviceId)
            .string("platform", SessionChangeRow::platform)
            .int64("gateway_slot", SessionChangeRow::gatewaySlot)
            .build();

    @Override
    public Table table() {
        return Table.SESSION_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
