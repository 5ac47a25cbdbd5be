package dev.tidings.connectors.clickhouse.row;

import java.util.List;

/**
 * An administrative act and its result.
 *
 * @param result such as {@code applied}
 * @param refusalReason such as {@code not_allowed}; empty: the act was not refused
 */
public record AuditRow(
        String auditId,
        long atMillis,
        String source,
        String operator,
        String actor,
        String action,
        String target,
        List<String> userIds,
        String reason,
        String result,
        String refusalReason,
        String refusalMessage,
        String detail)
        implements Row {

    static final Columns<AuditRow> COLUMNS = Columns.<AuditRow>builder()
            .string("audit_id", AuditRow::auditId)
            .int64("at", AuditRow::atMillis)
            .string("source", AuditRow::source)
            .string("operator", AuditRow::operator)
            .string("actor", AuditRow::actor)
            .string("action", AuditRow::action)
            .string("target", AuditRow::target)
            .strings("user_ids", AuditRow::userIds)
            .string("reason", AuditRow::reason)
            .string("result", AuditRow::result)
            .string("refusal_reason", AuditRow::refusalReason)
            .string("refusal_message", AuditRow::refusalMessage)
            .string("detail", AuditRow::detail)
            .build();

    public AuditRow {
        userIds = List.copyOf(userIds);
    }

    @Override
    public Table table() {
        return Table.AUDIT;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
