package dev.tidings.gateway.history;

import dev.tidings.schemas.readmodel.HistoryTables;

/** The statements that read history from ClickHouse. The comments name the values of the question marks, in their order. */
public final class HistoryStatements {

    /** Conversation. In the order of the primary key, so it reads one block, where max(seq) reads the whole conversation. */
    public static final String HEAD =
            "SELECT seq FROM " + HistoryTables.EVENTS + " WHERE conversation_id = ? ORDER BY seq DESC LIMIT 1";

    private static final String SIDE = "SELECT seq FROM " + HistoryTables.EVENTS
            + " WHERE conversation_id = ? AND sent_at %s fromUnixTimestamp64Milli(?, 'UTC') ORDER BY seq %s LIMIT 1";

    /**
     * Conversation, milliseconds, and both again. Each side reads in the order of the primary key and stops at the first row;
     * partitions and a skip index on sent_at prune the rest.
     */
    public static final String POSITION = "SELECT 'before' AS side, seq FROM (" + SIDE.formatted("<", "DESC")
            + ") UNION ALL SELECT 'at' AS side, seq FROM (" + SIDE.formatted(">=", "ASC") + ")";

    private HistoryStatements() {}

    /**
     * Conversation, twice. Rows: message, reaction, its users, the first of them separated by spaces; with 0 users: the message is
     * pinned.
     *
     * @param seqs of messages, separated by commas
     */
    static String marks(String seqs) {
        return """
                SELECT * FROM (
                    SELECT seq, reaction, count() AS users,
                        arrayStringConcat(arrayMap(x -> x.2, arraySlice(arraySort(groupArray((version, user_id))), 1, %d)), ' ') AS first,
                        min(version) AS since
                    FROM %s FINAL WHERE conversation_id = ? AND seq IN (%s) AND NOT removed
                    GROUP BY seq, reaction ORDER BY seq, since LIMIT %d BY seq
                    UNION ALL
                    SELECT message_seq AS seq, '' AS reaction, 0 AS users, '' AS first, toInt64(0) AS since
                    FROM %s WHERE conversation_id = ? AND message_seq IN (%s)
                    GROUP BY message_seq HAVING argMax(pinned, event_seq))
                ORDER BY seq, since
                """.formatted(
                        MessageMarks.MAX_USERS,
                        HistoryTables.REACTIONS,
                        seqs,
                        MessageMarks.MAX_REACTIONS,
                        HistoryTables.PIN_CHANGES,
                        seqs);
    }

    /**
     * Conversation, first seq, last seq, bytes. hex: the driver reads String columns as text, and an event is bytes. All rows of
     * one key are of one month.
     */
    public static String events(ReadOrder order) {
        return """
                SELECT hex(raw) FROM (
                    SELECT seq, raw, sum(length(raw)) OVER (ORDER BY seq %s ROWS UNBOUNDED PRECEDING) AS bytes
                    FROM %s FINAL WHERE conversation_id = ? AND seq BETWEEN ? AND ?)
                WHERE bytes - length(raw) < ? ORDER BY seq
                SETTINGS do_not_merge_across_partitions_select_final = 1
                """.formatted(order == ReadOrder.NEWEST_FIRST ? "DESC" : "ASC", HistoryTables.EVENTS);
    }
}
