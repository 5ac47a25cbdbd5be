package dev.tidings.ops.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings sql}: reads the running system's ClickHouse, over its HTTP interface. Cannot write. */
@Command(
        name = "sql",
        description = "Runs a query in ClickHouse (database tidings) and prints the rows. Cannot write.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {

    /** How rows are printed; each with ClickHouse's name of the format. */
    enum Format {
        TABLE("PrettyCompactMonoBlock"),
        TSV("TabSeparatedWithNames"),
        CSV("CSVWithNames"),
        JSON("JSON"),
        JSONL("JSONEachRow"),
        MARKDOWN("Markdown"),
        VERTICAL("Vertical");

        private final String clickHouseName;

        Format(String clickHouseName) {
            this.clickHouseName = clickHouseName;
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "tsv",
            description =
                    "Format of the rows: table, tsv (with column names), csv (with column names), json, jsonl, markdown"
                            + " or vertical. Default: tsv.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Format format;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "Value of a parameter {NAME:Type} of the query. Can be repeated.")
    private final Map<String, String> parameters = new LinkedHashMap<>();

    @Parameters(paramLabel = "SQL", description = "The query.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String statement;

    @Override
    public Integer call() throws InterruptedException {
        ReadOnlyClickHouse.Answer answer =
                new ReadOnlyClickHouse(settings.givenOrRunning()).query(statement, format.clickHouseName, parameters);
        PrintWriter to = answer.succeeded()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        to.print(answer.text());
        to.flush();
        return answer.succeeded() ? 0 : 1;
    }
}
