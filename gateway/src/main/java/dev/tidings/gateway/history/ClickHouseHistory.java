package dev.tidings.gateway.history;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ReactionCount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
        return clickHouse.query(
                HistoryStatements.HEAD,
                statement -> statement.setString(1, conversationId),
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }

    @Override
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
        return clickHouse.query(
                HistoryStatements.events(order),
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setLong(2, range.from());
                    statement.setLong(3, range.to());
                    statement.setLong(4, maxBytes);
                },
                ClickHouseHistory::parse);
    }

    @Override
    public TimePosition position(String conversationId, long millis) {
        return clickHouse.query(
                HistoryStatements.POSITION,
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setLong(2, millis);
                    statement.setString(3, conversationId);
                    statement.setLong(4, millis);
                },
                rows -> {
                    TimePosition position = TimePosition.UNKNOWN;
                    while (rows.next()) {
                        long seq = rows.getLong(2);
                        position = position.and(
                                rows.getString(1).equals("before")
                                        ? new TimePosition(seq, Long.MAX_VALUE)
                                        : new TimePosition(0, seq));
                    }
                    return position;
                });
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
        return new KnownChanges(newest, marks(conversationId, messageSeqs, seqs), 1, head);
    }

    private Map<Long, MessageMarks> marks(String conversationId, Set<Long> messageSeqs, String seqs) {
        Map<Long, MessageMarks> marks = new HashMap<>();
        messageSeqs.forEach(seq -> marks.put(seq, MessageMarks.NONE));
        return clickHouse.query(
                HistoryStatements.marks(seqs),
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setString(2, conversationId);
                },
                rows -> {
                    while (rows.next()) {
                        MessageMarks before = requireNonNull(marks.get(rows.getLong(1)));
                        List<ReactionCount> reactions = new ArrayList<>(before.reactions());
                        int users = rows.getInt(3);
                        if (users > 0) {
                            reactions.add(ReactionCount.newBuilder()
                                    .setReaction(rows.getString(2))
                                    .setCount(users)
                                    .addAllUserIds(List.of(rows.getString(4).split(" ")))
                                    .build());
                        }
                        marks.put(rows.getLong(1), new MessageMarks(reactions, before.pinned() || users == 0));
                    }
                    return marks;
                });
    }

    @Override
    public List<Position> candidates(Query query, int limit) {
        SearchStatement search = new SearchStatement(query, limit);
        return clickHouse.query(search.sql(), search::bind, rows -> {
            List<Position> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Position(rows.getLong(3), rows.getString(1), rows.getLong(2), rows.getInt(4)));
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
