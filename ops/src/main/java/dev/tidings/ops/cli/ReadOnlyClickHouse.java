package dev.tidings.ops.cli;

import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Reads the ClickHouse of the running system over HTTP as the analyst, or else as the sink's user. Every query is read-only for either
 * user.
 */
final class ReadOnlyClickHouse {

    /** The server's codes for a query that a read-only user, or a user without the grant, may not run. */
    private static final Set<String> NOT_ALLOWED = Set.of("164", "497");

    /**
     * The answer of the server.
     *
     * @param text the rows, or the error
     */
    record Answer(boolean succeeded, String text) {}

    private final String url;
    private final boolean isAnalyst;
    private final String user;
    private final String password;
    private final ClickHouseCluster cluster;

    /** @throws CannotRunException if there is no address of ClickHouse */
    ReadOnlyClickHouse(Settings settings) {
        String known = settings.find("clickhouse.url");
        if (known == null) {
            throw new CannotRunException(
                    "no running system found: start it with ops/bin/tidings up, or set clickhouse.url");
        }
        this.url = known;
        String analyst = settings.find("clickhouse.analyst-user");
        this.isAnalyst = analyst != null;
        this.user = analyst == null ? settings.text("clickhouse.user", "default") : analyst;
        this.password = analyst == null
                ? settings.text("clickhouse.password", "")
                : settings.text("clickhouse.analyst-password", "");
        this.cluster = ClickHouseCluster.from(settings);
    }

    /**
     * Runs a statement.
     *
     * @param format ClickHouse's name of the format of the rows
     * @param parameters of the query, without the prefix {@code param_}
     */
    Answer query(String statement, String format, Map<String, String> parameters) throws InterruptedException {
        StringBuilder address = new StringBuilder(url)
                .append("/?database=" + HistoryTables.DATABASE + (isAnalyst ? "" : "&readonly=2") + "&default_format=")
                .append(encoded(format));
        cluster.querySettings()
                .forEach((name, value) ->
                        address.append('&').append(encoded(name)).append('=').append(encoded(value)));
        parameters.forEach((name, value) ->
                address.append("&param_").append(encoded(name)).append('=').append(encoded(value)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(address.toString()))
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password)
                .POST(HttpRequest.BodyPublishers.ofString(statement))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return new Answer(true, response.body());
            }
            String code =
                    response.headers().firstValue("X-ClickHouse-Exception-Code").orElse("");
            return new Answer(
                    false,
                    (NOT_ALLOWED.contains(code)
                                    ? "tidings sql only reads database tidings; this statement needs more.\n"
                                    : "")
                            + response.body());
        } catch (ConnectException e) {
            throw new CannotRunException("ClickHouse does not answer at " + url);
        } catch (IOException e) {
            throw new CannotRunException("ClickHouse at " + url + " failed: " + e.getMessage());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
