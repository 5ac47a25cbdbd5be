package dev.tidings.ops.cli;

import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings sql}: runs a query in the running system's ClickHouse, over its HTTP interface. */
@Command(
        name = "sql",
        description = "Runs a query in ClickHouse (database tidings) and prints the rows, separated by tabs.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "SQL", description = "The statement.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String statement;

    @Override
    public Integer call() throws InterruptedException {
        Settings known = settings.givenOrRunning();
        String url = known.find("clickhouse.url");
        if (url == null) {
            throw new CannotRunException(
                    "no running system found: start it with ops/bin/tidings up," + " or set clickhouse.url");
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + "/?database=" + HistoryTables.DATABASE + "&default_format=TabSeparated"))
                .header("X-ClickHouse-User", known.text("clickhouse.user", "default"))
                .header("X-ClickHouse-Key", known.text("clickhouse.password", ""))
                .POST(HttpRequest.BodyPublishers.ofString(statement))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            boolean good = response.statusCode() == 200;
            PrintWriter to =
                    good ? spec.commandLine().getOut() : spec.commandLine().getErr();
            to.print(response.body());
            to.flush();
            return good ? 0 : 1;
        } catch (ConnectException e) {
            throw new CannotRunException("ClickHouse does not answer at " + url);
        } catch (IOException e) {
            throw new CannotRunException("ClickHouse at " + url + " failed: " + e.getMessage());
        }
    }
}
