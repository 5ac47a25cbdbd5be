package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.clickhouse.row.MessageChangeRow;
import dev.tidings.connectors.clickhouse.row.ReadRow;
import dev.tidings.connectors.clickhouse.row.Row;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests the text of the statements. SinksAndHistoryIT runs them on a real ClickHouse. */
class ChangedMessagesTest {

    private static final int LONGEST_ID = 256;
    private static final int CLICKHOUSE_MAX_QUERY_BYTES = 256 * 1024;

    @Test
    void only_messages_that_were_changed_are_brought_up_to_date() {
        Row read = new ReadRow("g:x", "bob", 5, 4, 0);
        assertEquals(List.of(), ChangedMessages.statements(List.of(read)));

        String statement = ChangedMessages.statements(List.of(recall("g:x", 5), recall("g:x", 5), read))
                .getFirst();

        assertTrue(statement.contains("IN (('g:x', 5))"), statement);
    }

    @Test
    void an_id_cannot_mean_anything_in_a_statement() {
        String statement =
                ChangedMessages.statements(List.of(recall("g:'\\)é", 5))).getFirst();

        assertTrue(statement.contains("('g:\\x27\\x5C\\x29\\xC3\\xA9', 5)"), statement);
    }

    @Test
    void no_statement_is_larger_than_ClickHouse_takes() {
        List<Row> rows = LongStream.range(0, 1_000)
                .mapToObj(seq -> recall("é".repeat(LONGEST_ID / 2), Long.MAX_VALUE - seq))
                .toList();

        List<String> statements = ChangedMessages.statements(rows);

        assertFalse(statements.isEmpty());
        statements.forEach(statement -> assertTrue(statement.length() < CLICKHOUSE_MAX_QUERY_BYTES));
    }

    private static Row recall(String conversationId, long seq) {
        return new MessageChangeRow(conversationId, seq, Long.MAX_VALUE, 0, "", null, new byte[0]);
    }
}
