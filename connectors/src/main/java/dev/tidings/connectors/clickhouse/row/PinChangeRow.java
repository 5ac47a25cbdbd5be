package dev.tidings.connectors.clickhouse.row;

/** A message was pinned or unpinned. */
public record PinChangeRow(
        String conversationId, long messageSeq, long eventSeq, long changedAtMillis, String changedBy, boolean pinned)
        implements Row {

    static final Columns<PinChangeRow> COLUMNS = Columns.<PinChangeRow>builder()
            .string("conversation_id", PinChangeRow::conversationId)
            .int64("message_seq", PinChangeRow::messageSeq)
            .int64("event_seq", PinChangeRow::eventSeq)
            .int64("changed_at", PinChangeRow::changedAtMillis)
            .string("changed_by", PinChangeRow::changedBy)
            .bool("pinned", PinChangeRow::pinned)
            .build();

    @Override
    public Table table() {
        return Table.PIN_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
