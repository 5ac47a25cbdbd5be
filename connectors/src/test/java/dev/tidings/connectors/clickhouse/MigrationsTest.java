package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.clickhouse.row.Table;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    /** Statements that another worker may repeat at the same time. */
    private static final Pattern REPEATABLE = Pattern.compile(
            "CREATE (TABLE|VIEW) IF NOT EXISTS .*|CREATE OR REPLACE VIEW .*|ALTER TABLE \\S+ ADD (COLUMN|INDEX) IF NOT EXISTS .*"
                    + "|ALTER TABLE \\S+\\s+(COMMENT|MODIFY) .*|INSERT INTO tidings\\.[a-z]+_changes .*",
            Pattern.DOTALL);

    private static final Pattern COLUMN = Pattern.compile("^ {4}([a-z_]+) [A-Z].*$", Pattern.MULTILINE);

    private static final Pattern ADDED_COLUMN =
            Pattern.compile("^ALTER TABLE (\\S+) ADD COLUMN IF NOT EXISTS ([a-z_]+) [A-Z].*$");

    @Test
    void everyFileInTheFolderIsApplied() throws IOException, URISyntaxException {
        URL first = Objects.requireNonNull(Migrations.class.getResource("migrations/V001__events_messages_reads.sql"));
        Path folder = Objects.requireNonNull(Path.of(first.toURI()).getParent());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(Migrations.bundled().all().size(), files.count());
        }
    }

    @Test
    void everyStatementCanBeRepeated() {
        statements()
                .forEach(statement ->
                        assertTrue(REPEATABLE.matcher(statement).matches(), () -> "not repeatable: " + statement));
    }

    @Test
    void everyTableEveryViewAndEveryColumnSaysWhatItIs() {
        statements().filter(statement -> statement.startsWith("CREATE")).forEach(statement -> {
            assertTrue(
                    Pattern.compile("\\nCOMMENT '[^']+'$").matcher(statement).find(), () -> "no comment: " + statement);
            if (statement.startsWith("CREATE TABLE")) {
                COLUMN.matcher(statement)
                        .results()
                        .forEach(column -> assertTrue(
                                column.group().contains("COMMENT '"), () -> "no comment: " + column.group()));
            }
        });
        statements()
                .filter(statement -> ADDED_COLUMN.matcher(statement).matches())
                .forEach(statement -> assertTrue(statement.contains("COMMENT '"), () -> "no comment: " + statement));
    }

    @Test
    void everyColumnTheSinkFillsIsInItsTable() {
        for (Table table : Table.values()) {
            String statement = statements()
                    .filter(one -> one.startsWith("CREATE TABLE IF NOT EXISTS " + table.qualifiedName() + "\n"))
                    .findFirst()
                    .orElseThrow();
            Stream<String> created = COLUMN.matcher(statement).results().map(column -> column.group(1));
            Set<String> columns = Stream.concat(created, addedTo(table)).collect(Collectors.toSet());
            assertEquals(columns, Set.copyOf(table.columns()));
        }
    }

    @Test
    void lineEndsDoNotChangeTheChecksum() {
        Migration unix = Migration.parse("V001__a.sql", "SELECT 1;\nSELECT 2;\n");
        Migration windows = Migration.parse("V001__a.sql", "SELECT 1;\r\nSELECT 2;\r\n");
        assertEquals(unix.checksum(), windows.checksum());
        assertNotEquals(
                unix.checksum(),
                Migration.parse("V001__a.sql", "SELECT 1;\nSELECT 3;\n").checksum());
    }

    @Test
    void aFileIsNamedByNumberAndWords() {
        Migration migration = Migration.parse("V012__add_edits.sql", "SELECT 1");
        assertEquals(12, migration.version());
        assertEquals("add_edits", migration.name());
        assertThrows(MigrationException.class, () -> Migration.parse("V1__x.sql", ""));
        assertThrows(MigrationException.class, () -> Migration.parse("V001_x.sql", ""));
    }

    @Test
    void numbersHaveNoGaps() {
        List<Migration> gap = List.of(Migration.parse("V001__a.sql", ""), Migration.parse("V003__b.sql", ""));
        assertThrows(MigrationException.class, () -> new Migrations(gap));
    }

    private static Stream<String> addedTo(Table table) {
        return statements()
                .map(ADDED_COLUMN::matcher)
                .filter(added -> added.matches() && added.group(1).equals(table.qualifiedName()))
                .map(added -> added.group(2));
    }

    private static Stream<String> statements() {
        return Migrations.bundled().all().stream().flatMap(migration -> migration.statements().stream());
    }
}
