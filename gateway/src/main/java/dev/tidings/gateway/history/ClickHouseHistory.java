package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.v1.ConversationEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All events, as the ClickHouse sink keeps them. */
final class ClickHouseHistory implements HistoryLayer, AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final HikariDataSource pool;

    ClickHouseHistory(HistoryConfig where) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("clickhouse-history");
        config.setJdbcUrl("jdbc:clickhouse:" + where.clickHouseUrl());
        config.setUsername(where.clickHouseUser());
        config.setPassword(where.clickHousePassword());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1); // history may come up after the gateway
        config.setReadOnly(false); // the driver has no read-only mode; the user's rights decide
        this.pool = new HikariDataSource(config);
    }

    @Override
    public long headSeq(String conversationId) {
        return query(
                "SELECT max(seq) FROM " + HistoryTables.EVENTS + " WHERE conversation_id = ?",
                statement -> statement.setString(1, conversationId),
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }

    @Override
    public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq) {
        // hex: the driver reads String columns as text, and an event is bytes
        return query(
                "SELECT hex(raw) FROM " + HistoryTables.EVENTS
                        + " FINAL WHERE conversation_id = ? AND seq BETWEEN ? AND ? ORDER BY seq",
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setLong(2, fromSeq);
                    statement.setLong(3, toSeq);
                },
                ClickHouseHistory::parse);
    }

    @Override
    public KnownChanges changes(String conversationId, long sinceSeq, Set<Long> messageSeqs) {
        String seqs = messageSeqs.stream().map(String::valueOf).collect(Collectors.joining(", "));
        List<ConversationEvent> newest = query(
                "SELECT hex(raw) FROM " + HistoryTables.MESSAGE_CHANGES
                        + " WHERE conversation_id = ? AND message_seq IN (" + seqs + ")"
                        + " ORDER BY message_seq, recalled DESC, event_seq DESC LIMIT 1 BY message_seq",
                statement -> statement.setString(1, conversationId),
                ClickHouseHistory::parse);
        return new KnownChanges(newest, true);
    }

    private static List<ConversationEvent> parse(ResultSet rows) throws SQLException {
        List<ConversationEvent> events = new ArrayList<>();
        while (rows.next()) {
            try {
                events.add(ConversationEvent.parseFrom(HexFormat.of().parseHex(rows.getString(1))));
            } catch (InvalidProtocolBufferException e) {
                throw new SQLException("ClickHouse holds what is no event", e);
            }
        }
        return events;
    }

    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> T query(String sql, Binding binding, Reading<T> reading) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                return reading.read(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("history cannot be read from ClickHouse", e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
