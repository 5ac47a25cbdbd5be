package dev.tidings.connectors.clickhouse.row;

/** A user's reaction to a message, given or removed. */
public record ReactionRow(
        String conversationId,
        long seq,
        String userId,
        String reaction,
        boolean removed,
        long changedAtMillis,
        long version)
        implements Row {

    static final Columns<ReactionRow> COLUMNS = Columns.<ReactionRow>builder()
            .string("conversation_id", ReactionRow::conversationId)
            .int64("seq", ReactionRow::seq)
            .string("user_id", ReactionRow::userId)
            .string("reaction", ReactionRow::reaction)
            .bool("removed", ReactionRow::removed)
            .int64("changed_at", ReactionRow::changedAtMillis)
            .int64("version", ReactionRow::version)
            .build();

    @Override
    public Table table() {
        return Table.REACTIONS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
