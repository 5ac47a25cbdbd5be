package dev.tidings.connectors.clickhouse;

import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.List;

/**
 * A table the sink writes, with the columns it fills. Columns are named with every insert, so that a newer schema with
 * more columns takes rows of an older sink.
 */
enum Table {
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
            "version"),
    READS(HistoryTables.DATABASE + ".reads", "conversation_id", "user_id", "read_seq", "read_index", "read_at");

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
