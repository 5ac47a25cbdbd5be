package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.Nullable;

/** The change of one user's relation to the other in a private conversation; a null value is unchanged. */
public record RelationChangeRow(
        String conversationId,
        String userId,
        long changedAtMillis,
        String commandId,
        @Nullable Boolean friends,
        @Nullable Boolean requested,
        @Nullable Boolean blocked)
        implements Row {

    static final Columns<RelationChangeRow> COLUMNS = Columns.<RelationChangeRow>builder()
            .string("conversation_id", RelationChangeRow::conversationId)
            .string("user_id", RelationChangeRow::userId)
            .int64("changed_at", RelationChangeRow::changedAtMillis)
            .string("command_id", RelationChangeRow::commandId)
            .nullableBool("friends", RelationChangeRow::friends)
            .nullableBool("requested", RelationChangeRow::requested)
            .nullableBool("blocked", RelationChangeRow::blocked)
            .build();

    @Override
    public Table table() {
        return Table.RELATION_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
