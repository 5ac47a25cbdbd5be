package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.GatewayConfig;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.Progress;
import dev.tidings.schemas.settings.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An all-in-one on free ports, ready to be talked to. */
final class RunningTidings implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    /** On any ports; presence is for everyone, so that a test can await that a user is offline. */
    private static final Map<String, String> FOR_TESTS = Map.of(
            "gateway.presence-visibility", "everyone",
            "embedded.kafka-port", "0",
            "embedded.redis-port", "0",
            "embedded.clickhouse-port", "0",
            "gateway.http-port", "0");

    private final AllInOne running;

    private RunningTidings(AllInOne running) {
        this.running = running;
    }

    /** Returns once {@code /readyz} says so. */
    static RunningTidings start(Path data) {
        return start(data, Map.of());
    }

    static RunningTidings start(Path data, Map<String, String> settings) {
        RunningTidings tidings =
                new RunningTidings(AllInOne.start(Settings.of(FOR_TESTS).with(settings), data, Progress.silent()));
        await().atMost(READY_WITHIN)
                .ignoreExceptions()
                .until(() -> tidings.get("/readyz").statusCode() == 200);
        return tidings;
    }

    URI url() {
        return URI.create(settings().required("gateway.url"));
    }

    Settings settings() {
        return running.settings();
    }

    /** Another gateway of the same system, on a slot and a port of its own, that gives out tokens like the first one. */
    Gateway startGateway(Map<String, String> settings) {
        GatewayConfig config = GatewayConfig.from(settings().with(FOR_TESTS).with(settings));
        DevTokens devTokens = config.tokenKeys() instanceof TokenKeys.Secret secret
                ? new DevTokens(secret, config.tokenPolicy())
                : null;
        return Gateway.start(config, devTokens, List::of);
    }

    static URI urlOf(Gateway gateway) {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** What ClickHouse answers, as tab-separated rows. */
    String sql(String statement) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(settings().required("clickhouse.url") + "/?database=tidings"))
                .header("X-ClickHouse-User", settings().required("clickhouse.user"))
                .header("X-ClickHouse-Key", settings().required("clickhouse.password"))
                .POST(HttpRequest.BodyPublishers.ofString(statement))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
