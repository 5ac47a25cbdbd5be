package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.v1.ConversationEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads all events and changes, and the search index, from the tables of the ClickHouse sink. */
final class ClickHouseHistory implements HistoryLayer, SearchIndex {

    private final ClickHouseReader clickHouse;

    ClickHouseHistory(ClickHouseReader clickHouse) {
        this.clickHouse = clickHouse;
    }

    @Override
    public long headSeq(String conversationId) {
        // in the order of the primary key, so it reads one block, where max(seq) reads the whole conversation
        return clickHouse.query(
                "SELECT seq FROM " + HistoryTables.EVENTS + " WHERE conversation_id = ? ORDER BY seq DESC LIMIT 1",
                statement -> statement.setString(1, conversationId),
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }

    @Override
    public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq, long maxBytes) {
        // hex: the driver reads String columns as text, and an event is bytes. All rows of one key are of one month.
        return clickHouse.query(
                """
                SELECT hex(raw) FROM (
                    SELECT seq, raw, sum(length(raw)) OVER (ORDER BY seq DESC ROWS UNBOUNDED PRECEDING) AS bytes
                    FROM %s FINAL WHERE conversation_id = ? AND seq BETWEEN ? AND ?)
                WHERE bytes - length(raw) < ? ORDER BY seq
                SETTINGS do_not_merge_across_partitions_select_final = 1
                """.formatted(HistoryTables.EVENTS),
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setLong(2, fromSeq);
                    statement.setLong(3, toSeq);
                    statement.setLong(4, maxBytes);
                },
                ClickHouseHistory::parse);
    }

    /** The sink stores a change before its event: all changes up to a head that was read before are stored. */
    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        long head = headSeq(conversationId);
        String seqs = messageSeqs.stream().map(String::valueOf).collect(Collectors.joining(", "));
        List<ConversationEvent> newest = clickHouse.query(
                "SELECT hex(raw) FROM " + HistoryTables.MESSAGE_CHANGES
                        + " WHERE conversation_id = ? AND message_seq IN (" + seqs + ")"
                        + " ORDER BY message_seq, recalled DESC, event_seq DESC LIMIT 1 BY message_seq",
                statement -> statement.setString(1, conversationId),
                ClickHouseHistory::parse);
        return new KnownChanges(newest, 1, head);
    }

    @Override
    public List<Position> candidates(Query query, int limit) {
        SearchStatement search = new SearchStatement(query, limit);
        return clickHouse.query(search.sql(), search::bind, rows -> {
            List<Position> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Position(rows.getLong(3), rows.getString(1), rows.getLong(2)));
            }
            return found;
        });
    }

    private static List<ConversationEvent> parse(ResultSet rows) throws SQLException {
        List<ConversationEvent> events = new ArrayList<>();
        while (rows.next()) {
            try {
                events.add(ConversationEvent.parseFrom(HexFormat.of().parseHex(rows.getString(1))));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("ClickHouse returned an event that cannot be parsed", e);
            }
        }
        return events;
    }
}
