package dev.tidings.ops.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidings schema}: prints the data dictionary, which it reads from the running system's ClickHouse. */
@Command(
        name = "schema",
        description =
                "Prints all tables and views of database tidings with their columns, types and comments, as Markdown.",
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {

    /** A view with parameters has no columns before it is called: its comment describes them. */
    private static final String DICTIONARY = """
            SELECT
                concat('## ', tables.name, if(tables.engine = 'View', ' (view)', ''), '\n\n', tables.comment, '\n',
                    if(columns.lines = '', '', concat('\n| column | type | meaning |\n|---|---|---|\n', columns.lines)))
            FROM system.tables AS tables
            LEFT JOIN
            (
                SELECT table, arrayStringConcat(
                    arrayMap(row -> row.2, arraySort(row -> row.1, groupArray((position,
                        concat('| `', name, '` | `', type, '` | ', comment, ' |\n'))))), '') AS lines
                FROM system.columns
                WHERE database = 'tidings'
                GROUP BY table
            ) AS columns ON columns.table = tables.name
            WHERE tables.database = 'tidings'
            ORDER BY tables.name
            """;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() throws InterruptedException {
        ReadOnlyClickHouse.Answer answer =
                new ReadOnlyClickHouse(settings.givenOrRunning()).query(DICTIONARY, "TSVRaw", Map.of());
        PrintWriter to = answer.succeeded()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        to.print(answer.text());
        to.flush();
        return answer.succeeded() ? 0 : 1;
    }
}
