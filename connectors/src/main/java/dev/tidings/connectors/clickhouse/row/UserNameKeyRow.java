package dev.tidings.connectors.clickhouse.row;

/**
 * A key under which a search by name finds a user.
 *
 * @param nameKey one of {@code NameKeys} of the display name
 * @param version of the profile with this name
 */
public record UserNameKeyRow(String nameKey, String userId, long version) implements Row {

    static final Columns<UserNameKeyRow> COLUMNS = Columns.<UserNameKeyRow>builder()
            .string("name_key", UserNameKeyRow::nameKey)
            .string("user_id", UserNameKeyRow::userId)
            .int64("version", UserNameKeyRow::version)
            .build();

    @Override
    public Table table() {
        return Table.USER_NAME_KEYS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
