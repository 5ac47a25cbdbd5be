package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.Nullable;

/**
 * The change of one member of a group by an event; a null value is unchanged.
 *
 * @param belongs whether the user is a member from here on
 * @param role such as {@code admin}
 * @param mutedUntilMillis 0 if the member may post again
 */
public record MemberChangeRow(
        String conversationId,
        String userId,
        long eventSeq,
        long changedAtMillis,
        String changedBy,
        @Nullable Boolean belongs,
        @Nullable String role,
        @Nullable Long mutedUntilMillis)
        implements Row {

    static final Columns<MemberChangeRow> COLUMNS = Columns.<MemberChangeRow>builder()
            .string("conversation_id", MemberChangeRow::conversationId)
            .string("user_id", MemberChangeRow::userId)
            .int64("event_seq", MemberChangeRow::eventSeq)
            .int64("changed_at", MemberChangeRow::changedAtMillis)
            .string("changed_by", MemberChangeRow::changedBy)
            .nullableBool("belongs", MemberChangeRow::belongs)
            .nullableString("role", MemberChangeRow::role)
            .nullableInt64("muted_until", MemberChangeRow::mutedUntilMillis)
            .build();

    @Override
    public Table table() {
        return Table.MEMBER_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
