package dev.tidings.connectors.clickhouse.row;

/**
 * The outcome of a notification at one device. After a crash there may be two; then delivered counts.
 *
 * @param result such as {@code delivered}
 * @param reason of a failure; otherwise empty
 */
public record PushOutcomeRow(
        String notificationId,
        String deviceId,
        String userId,
        String channel,
        String result,
        long attempts,
        String reason,
        long atMillis,
        boolean delivered)
        implements Row {

    static final Columns<PushOutcomeRow> COLUMNS = Columns.<PushOutcomeRow>builder()
            .string("notification_id", PushOutcomeRow::notificationId)
            .string("device_id", PushOutcomeRow::deviceId)
            .string("user_id", PushOutcomeRow::userId)
            .string("channel", PushOutcomeRow::channel)
            .string("result", PushOutcomeRow::result)
            .int64("attempts", PushOutcomeRow::attempts)
            .string("reason", PushOutcomeRow::reason)
            .int64("at", PushOutcomeRow::atMillis)
            .int64("precedence", row -> row.delivered() ? 1 : 0)
            .build();

    @Override
    public Table table() {
        return Table.PUSH_OUTCOMES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
