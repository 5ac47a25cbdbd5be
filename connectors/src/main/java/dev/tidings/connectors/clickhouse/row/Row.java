package dev.tidings.connectors.clickhouse.row;

/** One row of one table. Times are milliseconds since 1970 in UTC. Rows are a pure function of a record's bytes. */
public sealed interface Row
        permits AuditRow,
                EventRow,
                GroupChangeRow,
                LegalHoldRow,
                MemberChangeRow,
                MessageChangeRow,
                MessageRow,
                ModerationCaseRow,
                NotificationRow,
                PinChangeRow,
                PresenceChangeRow,
                PushOutcomeRow,
                ReactionRow,
                ReadRow,
                ReceiptRow,
                RelationChangeRow,
                SessionChangeRow,
                UserNameKeyRow,
                UserRow {

    Table table();

    /** Writes the values in the order of the table's columns. */
    void writeTo(RowBinary out);
}
