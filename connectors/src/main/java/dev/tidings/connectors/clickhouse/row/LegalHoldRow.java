package dev.tidings.connectors.clickhouse.row;

/**
 * A change of a legal hold.
 *
 * @param subject {@code user:<id>} or {@code conversation:<id>}
 * @param logPosition orders the changes of a subject: the offset of the record plus 1
 * @param held false: the hold is removed
 * @param changedAtMillis by the clock of the operator's machine
 */
public record LegalHoldRow(
        String subject, long logPosition, boolean held, long changedAtMillis, String operator, String reason)
        implements Row {

    static final Columns<LegalHoldRow> COLUMNS = Columns.<LegalHoldRow>builder()
            .string("subject", LegalHoldRow::subject)
            .int64("log_position", LegalHoldRow::logPosition)
            .bool("held", LegalHoldRow::held)
            .int64("changed_at", LegalHoldRow::changedAtMillis)
            .string("operator", LegalHoldRow::operator)
            .string("reason", LegalHoldRow::reason)
            .build();

    @Override
    public Table table() {
        return Table.LEGAL_HOLDS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
