package dev.tidings.connectors.clickhouse;

import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.List;

/**
 * A table the sink writes, with the columns it fills, in the order in which a batch is written. Columns are named with
 * every insert, so that a newer schema with more columns takes rows of an older sink.
 */
enum Table {
    MESSAGES(
            HistoryTables.DATABASE + ".messages",
            "conversation_id",
            "seq",
            "message_id",
            "sender",
            "client_msg_id",
            "content_type",
            "text",
            "content",
            "message_index",
            "sent_at",
            "version",
            "edited_at",
            "recalled",
            "recalled_by",
            "mentions",
            "mention_all",
            "masked",
            "reply_to_seq",
            "expires_at",
            "as_system",
            "forwarded_from_conversation_id",
            "forwarded_from_seq"),
    /** After the messages: a batch may hold both, and what is changed must be there. */
    MESSAGE_CHANGES(
            HistoryTables.MESSAGE_CHANGES,
            "conversation_id",
            "message_seq",
            "event_seq",
            "changed_at",
            "changed_by",
            "recalled",
            "content_type",
            "text",
            "content",
            "mentions",
            "mention_all",
            "masked",
            "raw"),
    /** After the changes: an event that history finds has changed what it changes ({@code ClickHouseHistory}). */
    EVENTS(
            HistoryTables.EVENTS,
            "conversation_id",
            "seq",
            "message_index",
            "sent_at",
            "command_id",
            "kind",
            "actor",
            "body",
            "raw"),
    REACTIONS(
            HistoryTables.DATABASE + ".reactions",
            "conversation_id",
            "seq",
            "user_id",
            "reaction",
            "removed",
            "changed_at",
            "version"),
    PIN_CHANGES(
            HistoryTables.DATABASE + ".pin_changes",
            "conversation_id",
            "message_seq",
            "event_seq",
            "changed_at",
            "changed_by",
            "pinned"),
    READS(HistoryTables.DATABASE + ".reads", "conversation_id", "user_id", "read_seq", "read_index", "read_at"),
    MEMBER_CHANGES(
            HistoryTables.DATABASE + ".member_changes",
            "conversation_id",
            "user_id",
            "event_seq",
            "changed_at",
            "changed_by",
            "belongs",
            "role",
            "muted_until"),
    GROUP_CHANGES(
            HistoryTables.DATABASE + ".group_changes",
            "conversation_id",
            "event_seq",
            "changed_at",
            "changed_by",
            "name",
            "avatar_url",
            "description",
            "announcement",
            "join_policy",
            "history_from_start",
            "max_members",
            "owner",
            "member_count",
            "all_muted",
            "dissolved"),
    RELATION_CHANGES(
            HistoryTables.DATABASE + ".relation_changes",
            "conversation_id",
            "user_id",
            "changed_at",
            "command_id",
            "friends",
            "requested",
            "blocked"),
    MODERATION_CASES(
            HistoryTables.DATABASE + ".moderation_cases",
            "conversation_id",
            "seq",
            "message_seq",
            "message_id",
            "sender",
            "content_type",
            "text",
            "content",
            "finding_kinds",
            "finding_values",
            "finding_actions",
            "found_at"),
    NOTIFICATIONS(
            HistoryTables.DATABASE + ".notifications",
            "notification_id",
            "user_id",
            "conversation_id",
            "seq",
            "message_id",
            "sender",
            "at",
            "expires_at",
            "badge",
            "unread",
            "mentioned",
            "targets"),
    PUSH_OUTCOMES(
            HistoryTables.DATABASE + ".push_outcomes",
            "notification_id",
            "device_id",
            "user_id",
            "channel",
            "result",
            "attempts",
            "reason",
            "at",
            "precedence");

    private final String qualifiedName;
    private final List<String> columns;

    Table(String qualifiedName, String... columns) {
        this.qualifiedName = qualifiedName;
        this.columns = List.of(columns);
    }

    /** With its database. */
    String qualifiedName() {
        return qualifiedName;
    }

    List<String> columns() {
        return columns;
    }
}
