package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.Nullable;

/** The change of a group by an event; a null value is unchanged. */
public record GroupChangeRow(
        String conversationId,
        long eventSeq,
        long changedAtMillis,
        String changedBy,
        @Nullable ProfileValues profile,
        @Nullable String owner,
        @Nullable Long memberCount,
        @Nullable Boolean allMuted,
        boolean dissolved)
        implements Row {

    static final Columns<GroupChangeRow> COLUMNS = Columns.<GroupChangeRow>builder()
            .string("conversation_id", GroupChangeRow::conversationId)
            .int64("event_seq", GroupChangeRow::eventSeq)
            .int64("changed_at", GroupChangeRow::changedAtMillis)
            .string("changed_by", GroupChangeRow::changedBy)
            .nullableString(
                    "name", row -> row.profile() == null ? null : row.profile().name())
            .nullableString(
                    "avatar_url",
                    row -> row.profile() == null ? null : row.profile().avatarUrl())
            .nullableString(
                    "description",
                    row -> row.profile() == null ? null : row.profile().description())
            .nullableString(
                    "announcement",
                    row -> row.profile() == null ? null : row.profile().announcement())
            .nullableString(
                    "join_policy",
                    row -> row.profile() == null ? null : row.profile().joinPolicy())
            .nullableBool(
                    "history_from_start",
                    row -> row.profile() == null ? null : row.profile().historyFromStart())
            .nullableInt64(
                    "max_members",
                    row -> row.profile() == null ? null : row.profile().maxMembers())
            .nullableString("owner", GroupChangeRow::owner)
            .nullableInt64("member_count", GroupChangeRow::memberCount)
            .nullableBool("all_muted", GroupChangeRow::allMuted)
            .bool("dissolved", GroupChangeRow::dissolved)
            .build();

    @Override
    public Table table() {
        return Table.GROUP_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
