package dev.tidings.connectors.clickhouse.row;

import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.List;

/**
 * A table that the sink writes, in the order in which a batch is written. Every insert names its columns, so a newer schema with
 * more columns takes rows of an older sink.
 */
public enum Table {
    /** First: the retention deletes no row of a held conversation that the batch holds. */
    LEGAL_HOLDS(HistoryTables.LEGAL_HOLDS, LegalHoldRow.COLUMNS),
    MESSAGES(HistoryTables.MESSAGES, MessageRow.COLUMNS),
    /** After the messages: a batch may hold both, and a change needs its message. */
    MESSAGE_CHANGES(HistoryTables.MESSAGE_CHANGES, MessageChangeRow.COLUMNS),
    REACTIONS(HistoryTables.REACTIONS, ReactionRow.COLUMNS),
    PIN_CHANGES(HistoryTables.PIN_CHANGES, PinChangeRow.COLUMNS),
    /** After the changes: an event in the history has changed its message already ({@code ClickHouseHistory}). */
    EVENTS(HistoryTables.EVENTS, EventRow.COLUMNS),
    READS(HistoryTables.DATABASE + ".reads", ReadRow.COLUMNS),
    RECEIPTS(HistoryTables.DATABASE + ".receipts", ReceiptRow.COLUMNS),
    MEMBER_CHANGES(HistoryTables.MEMBER_CHANGES, MemberChangeRow.COLUMNS),
    GROUP_CHANGES(HistoryTables.DATABASE + ".group_changes", GroupChangeRow.COLUMNS),
    RELATION_CHANGES(HistoryTables.DATABASE + ".relation_changes", RelationChangeRow.COLUMNS),
    MODERATION_CASES(HistoryTables.MODERATION_CASES, ModerationCaseRow.COLUMNS),
    NOTIFICATIONS(HistoryTables.DATABASE + ".notifications", NotificationRow.COLUMNS),
    PUSH_OUTCOMES(HistoryTables.DATABASE + ".push_outcomes", PushOutcomeRow.COLUMNS),
    USER_NAME_KEYS(HistoryTables.USER_NAME_KEYS, UserNameKeyRow.COLUMNS),
    USERS(HistoryTables.USERS, UserRow.COLUMNS),
    AUDIT(HistoryTables.AUDIT, AuditRow.COLUMNS),
    SESSION_CHANGES(HistoryTables.DATABASE + ".session_changes", SessionChangeRow.COLUMNS),
    PRESENCE_CHANGES(HistoryTables.DATABASE + ".presence_changes", PresenceChangeRow.COLUMNS);

    private final String qualifiedName;
    private final List<String> columns;

    Table(String qualifiedName, Columns<?> columns) {
        this.qualifiedName = qualifiedName;
        this.columns = columns.names();
    }

    /** With its database. */
    public String qualifiedName() {
        return qualifiedName;
    }

    public List<String> columns() {
        return columns;
    }
}
