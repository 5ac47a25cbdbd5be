package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {

    @Test
    void statementsEndAtSemicolonsAndCommentsAreDropped() {
        String script = """
                -- first; this is a comment
                SELECT 1; SELECT 2
                  -- and another
                  + 3;

                -- nothing after it
                """;
        assertEquals(List.of("SELECT 1", "SELECT 2\n  \n  + 3"), SqlScript.statements(script));
    }

    @Test
    void semicolonsAndDashesInQuotesAreText() {
        assertEquals(
                List.of("SELECT 'a;b -- c', `d;e`, 'it''s; \\'so;'", "SELECT 2"),
                SqlScript.statements("SELECT 'a;b -- c', `d;e`, 'it''s; \\'so;'; SELECT 2"));
    }

    @Test
    void aQuoteThatNeverEndsIsRefused() {
        assertThrows(MigrationException.class, () -> SqlScript.statements("SELECT 'a"));
    }
}
