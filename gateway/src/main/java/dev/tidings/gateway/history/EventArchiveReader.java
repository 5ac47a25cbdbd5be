package dev.tidings.gateway.history;

import com.codahale.metrics.Meter;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.v1.ConversationEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads archived events, by ClickHouse from object storage, and the catalog of the archive. Thread-safe. Events and catalog have
 * connections of their own, so that slow object storage does not delay other reads.
 */
final class EventArchiveReader {

    /** ClickHouse would retry for minutes. */
    private static final String SETTINGS = " SETTINGS s3_retry_attempts = 2, s3_connect_timeout_ms = 1000,"
            + " s3_request_timeout_ms = 4000, max_execution_time = 10, max_threads = 2";

    private final ClickHouseReader catalog;
    private final CircuitBreaker catalogBreaker;
    private final ClickHouseReader objects;
    private final CircuitBreaker breaker;
    private final Meter reads;

    /**
     * @param catalog reads tables of ClickHouse
     * @param catalogBreaker for ClickHouse
     * @param objects reads the table over object storage
     * @param breaker for the object storage
     * @param reads counts the ranges of events that are read
     */
    EventArchiveReader(
            ClickHouseReader catalog,
            CircuitBreaker catalogBreaker,
            ClickHouseReader objects,
            CircuitBreaker breaker,
            Meter reads) {
        this.catalog = catalog;
        this.catalogBreaker = catalogBreaker;
        this.objects = objects;
        this.breaker = breaker;
        this.reads = reads;
    }

    /** Returns the archived ranges of a conversation by their first seq; empty if nothing is archived. */
    List<ArchivedRange> ranges(String conversationId) {
        return catalogBreaker.call(() -> catalog.query(
                "SELECT object, first_seq, last_seq, toUnixTimestamp64Milli(first_sent_at), toUnixTimestamp64Milli(last_sent_at)"
                        + " FROM " + HistoryTables.ARCHIVED_RANGES
                        + " FINAL WHERE conversation_id = ? ORDER BY first_seq, object",
                statement -> statement.setString(1, conversationId),
                rows -> {
                    List<ArchivedRange> ranges = new ArrayList<>();
                    while (rows.next()) {
                        ranges.add(new ArchivedRange(
                                rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getLong(5)));
                    }
                    return ranges;
                }));
    }

    /** Returns the last seq that the retention may have deleted; 0: none. */
    long deletedUpTo(String conversationId) {
        return catalogBreaker.call(() -> catalog.query(
                "SELECT max(last_seq) FROM " + HistoryTables.DELETED_RANGES + " WHERE conversation_id = ?",
                statement -> statement.setString(1, conversationId),
                rows -> rows.next() ? rows.getLong(1) : 0L));
    }

    /**
     * Returns the events of a range in some objects, ascending. Begins at the end of the range that the order names, and stops with
     * the event that reaches {@code maxBytes}.
     *
     * @throws ReadModelUnavailableException if the object storage does not answer in time
     */
    List<ConversationEvent> events(
            String conversationId, List<ArchivedRange> from, SeqSpan range, ReadOrder order, long maxBytes) {
        reads.mark();
        // the newest generation of an event counts; its object is the last by name
        String sql = """
                SELECT raw FROM (
                    SELECT seq, raw, sum(length(raw)) OVER (ORDER BY seq %s ROWS UNBOUNDED PRECEDING) AS bytes
                    FROM (
                        SELECT seq, raw FROM %s WHERE _file IN (%s) AND conversation_id = ? AND seq BETWEEN ? AND ?
                        ORDER BY seq, _file DESC LIMIT 1 BY seq))
                WHERE bytes - length(raw) < ? ORDER BY seq""".formatted(
                        order == ReadOrder.NEWEST_FIRST ? "DESC" : "ASC", HistoryTables.ARCHIVED_EVENTS, names(from))
                + SETTINGS;
        return query(() -> objects.query(
                sql,
                statement -> {
                    statement.setString(1, conversationId);
                    statement.setLong(2, range.from());
                    statement.setLong(3, range.to());
                    statement.setLong(4, maxBytes);
                },
                EventArchiveReader::parse));
    }

    /** Returns the place of a time among the events of some objects. */
    TimePosition position(String conversationId, List<ArchivedRange> from, long millis) {
        String sql = "SELECT maxIf(seq, sent_at < fromUnixTimestamp64Milli(?, 'UTC')),"
                + " minOrNullIf(seq, sent_at >= fromUnixTimestamp64Milli(?, 'UTC')) FROM "
                + HistoryTables.ARCHIVED_EVENTS + " WHERE _file IN (" + names(from) + ") AND conversation_id = ?"
                + SETTINGS;
        return query(() -> objects.query(
                sql,
                statement -> {
                    statement.setLong(1, millis);
                    statement.setLong(2, millis);
                    statement.setString(3, conversationId);
                },
                rows -> {
                    if (!rows.next()) {
                        return TimePosition.UNKNOWN;
                    }
                    long lastBefore = rows.getLong(1);
                    long firstAt = rows.getLong(2);
                    return new TimePosition(lastBefore, rows.wasNull() ? Long.MAX_VALUE : firstAt);
                }));
    }

    /** The server reports a failure of the object storage as an error of its own. */
    private <T> T query(Supplier<T> query) {
        return breaker.call(() -> {
            try {
                return query.get();
            } catch (IllegalStateException e) {
                throw new ReadModelUnavailableException("the archive does not answer", e);
            }
        });
    }

    private static String names(List<ArchivedRange> ranges) {
        return ranges.stream()
                .map(range -> '\'' + range.object() + '\'')
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<ConversationEvent> parse(ResultSet rows) throws SQLException {
        List<ConversationEvent> events = new ArrayList<>();
        while (rows.next()) {
            try {
                events.add(ConversationEvent.parseFrom(Base64.getDecoder().decode(rows.getString(1))));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the archive returned an event that cannot be parsed", e);
            }
        }
        return events;
    }
}
