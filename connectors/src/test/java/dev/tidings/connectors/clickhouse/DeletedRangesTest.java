package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.clickhouse.row.EventRow;
import dev.tidings.connectors.clickhouse.row.ReadRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the text of the statements. RetentionIT runs them on a real ClickHouse. */
class DeletedRangesTest {

    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final RetentionPolicy ROOMS_30_DAYS = new RetentionPolicy(Map.of(RetentionClass.ROOM, 30));

    @Test
    void rows_past_their_retention_are_recorded_once_by_conversation() {
        List<Row> rows = List.of(
                event("r:old", 1, 40),
                event("r:old", 2, 30),
                event("r:old", 3, 29),
                event("r:new", 1, 1),
                event("g:old", 1, 400),
                new ReadRow("r:read", "bob", 5, 4, 0));

        assertEquals(
                List.of("INSERT INTO tidings.deleted_ranges (conversation_id, last_seq) VALUES ('r:old', 2)"),
                DeletedRanges.ofRows(rows, ROOMS_30_DAYS, NOW));
    }

    @Test
    void without_a_retention_there_is_nothing_to_record() {
        assertEquals(List.of(), DeletedRanges.ofRows(List.of(event("r:old", 1, 4_000)), RetentionPolicy.FOR_EVER, NOW));
        assertEquals(List.of(), DeletedRanges.ofEnding(RetentionPolicy.FOR_EVER));
    }

    @Test
    void each_kind_with_a_retention_has_a_statement_that_looks_ahead() {
        List<String> statements = DeletedRanges.ofEnding(
                new RetentionPolicy(Map.of(RetentionClass.ROOM, 30, RetentionClass.AUDIT, 9, RetentionClass.GROUP, 7)));

        assertEquals(2, statements.size());
        assertTrue(statements
                .getFirst()
                .contains("'g:') AND sent_at < now64(3, 'UTC') - toIntervalDay(7) + toIntervalHour(12)"));
        assertTrue(statements.getLast().contains("'r:') AND sent_at < now64(3, 'UTC') - toIntervalDay(30) +"));
    }

    private static Row event(String conversationId, long seq, int daysAgo) {
        return new EventRow(
                conversationId, seq, seq, NOW - Duration.ofDays(daysAgo).toMillis(), "", "", "", "", new byte[0]);
    }
}
