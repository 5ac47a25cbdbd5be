package dev.tidings.connectors.clickhouse.row;

/** A user has received or read a conversation up to a seq. */
public record ReceiptRow(String conversationId, String userId, Kind kind, long seq, long atMillis) implements Row {

    static final Columns<ReceiptRow> COLUMNS = Columns.<ReceiptRow>builder()
            .string("conversation_id", ReceiptRow::conversationId)
            .string("user_id", ReceiptRow::userId)
            .string("kind", row -> row.kind().column)
            .int64("seq", ReceiptRow::seq)
            .int64("at", ReceiptRow::atMillis)
            .build();

    /** The event that the receipt confirms: delivery or reading. */
    public enum Kind {
        DELIVERED("delivered"),
        READ("read");

        private final String column;

        Kind(String column) {
            this.column = column;
        }
    }

    @Override
    public Table table() {
        return Table.RECEIPTS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
