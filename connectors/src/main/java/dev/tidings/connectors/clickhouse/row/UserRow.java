package dev.tidings.connectors.clickhouse.row;

/** A user's profile as of one version. */
public record UserRow(
        String userId,
        String displayName,
        String avatarUrl,
        String locale,
        String timeZone,
        byte[] custom,
        long createdAtMillis,
        long updatedAtMillis,
        boolean disabled,
        long version)
        implements Row {

    static final Columns<UserRow> COLUMNS = Columns.<UserRow>builder()
            .string("user_id", UserRow::userId)
            .string("display_name", UserRow::displayName)
            .string("avatar_url", UserRow::avatarUrl)
            .string("locale", UserRow::locale)
            .string("time_zone", UserRow::timeZone)
            .bytes("custom", UserRow::custom)
            .int64("created_at", UserRow::createdAtMillis)
            .int64("updated_at", UserRow::updatedAtMillis)
            .bool("disabled", UserRow::disabled)
            .int64("version", UserRow::version)
            .build();

    @Override
    public Table table() {
        return Table.USERS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
