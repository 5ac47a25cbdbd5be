package dev.tidings.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.settings.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadOnlyClickHouseTest {

    private final BlockingQueue<String> queries = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            queries.add(exchange.getRequestURI().getRawQuery());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aQueryOfAClusterHasTheSettingsOfTheCluster() throws Exception {
        List<String> parameters =
                List.of(query(Map.of("clickhouse.cluster", "chat")).split("&"));

        new ClickHouseCluster("chat")
                .querySettings()
                .forEach((name, value) -> assertTrue(parameters.contains(name + '=' + value), parameters::toString));
        assertTrue(parameters.contains("readonly=2"), parameters::toString);
        assertTrue(parameters.contains("param_zone=Europe%2FBerlin"), parameters::toString);
    }

    @Test
    void aQueryOfOneServerHasNone() throws Exception {
        String parameters = query(Map.of());

        assertEquals("database=tidings&readonly=2&default_format=TSV&param_zone=Europe%2FBerlin", parameters);
    }

    private String query(Map<String, String> settings) throws Exception {
        Settings all = Settings.of(settings)
                .with(Map.of(
                        "clickhouse.url",
                        "http://127.0.0.1:" + server.getAddress().getPort()));
        assertTrue(new ReadOnlyClickHouse(all)
                .query("SELECT 1", "TSV", Map.of("zone", "Europe/Berlin"))
                .succeeded());
        return queries.remove();
    }
}
