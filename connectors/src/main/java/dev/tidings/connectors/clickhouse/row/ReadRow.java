package dev.tidings.connectors.clickhouse.row;

/** A user's read position in a conversation. */
public record ReadRow(String conversationId, String userId, long readSeq, long readIndex, long readAtMillis)
        implements Row {

    static final Columns<ReadRow> COLUMNS = Columns.<ReadRow>builder()
            .string("conversation_id", ReadRow::conversationId)
            .string("user_id", ReadRow::userId)
            .int64("read_seq", ReadRow::readSeq)
            .int64("read_index", ReadRow::readIndex)
            .int64("read_at", ReadRow::readAtMillis)
            .build();

    @Override
    public Table table() {
        return Table.READS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
