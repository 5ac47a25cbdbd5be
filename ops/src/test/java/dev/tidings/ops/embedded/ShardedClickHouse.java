package dev.tidings.ops.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.ops.RepositoryFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Two real ClickHouse servers, the shards of the cluster {@code chat}, behind a proxy. Distributed queries and inserts run between the
 * servers as in every cluster. The embedded engine has no ClickHouse Keeper: so the proxy runs statements {@code ON CLUSTER} on both
 * servers, and creates plain tables in place of replicated ones. The user has the rights that {@code operations.md} lists for the sink,
 * and opens the port of each server.
 */
public final class ShardedClickHouse implements AutoCloseable {

    public static final String CLUSTER = "chat";
    public static final String USER = "peer";
    public static final String PASSWORD = "secret";

    private static final String ON_CLUSTER = " ON CLUSTER '" + CLUSTER + '\'';
    private static final String REPLICATED =
            "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";

    /** Headers of a connection, not of a request. */
    private static final Set<String> OF_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "keep-alive");

    private static final String CONFIG = """
            <clickhouse>
              <tcp_port>%d</tcp_port>
              <remote_servers>
                <chat>%s</chat>
              </remote_servers>
              <macros><shard>%d</shard><replica>only</replica></macros>
            </clickhouse>
            """;

    private static final String SHARD = """
            <shard>
              <internal_replication>true</internal_replication>
              <replica><host>127.0.0.1</host><port>%d</port><user>peer</user><password>secret</password></replica>
            </shard>
            """;

    private static final String USERS = """
            <clickhouse>
              <users>
                <peer>
                  <password>secret</password>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>default</profile>
                  <quota>default</quota>
                  <grants>
                    %s
                    <query>GRANT SYSTEM LISTEN ON *.*</query>
                  </grants>
                </peer>
              </users>
            </clickhouse>
            """;

    private static final Pattern DOCUMENTED_GRANT = Pattern.compile("(?m)^(GRANT .+) TO sink;$");

    private final List<EmbeddedClickHouse> shards = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> onCluster = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer proxy;

    private ShardedClickHouse() throws IOException {
        this.proxy = HttpServer.create(new InetSocketAddress(LocalPort.LOOPBACK, 0), 0);
        proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        proxy.createContext("/", this::handle);
    }

    public static ShardedClickHouse start(Path directory) throws IOException {
        ShardedClickHouse cluster = new ShardedClickHouse();
        List<Integer> ports = List.of(LocalPort.choose(0, "clickhouse"), LocalPort.choose(0, "clickhouse"));
        String shards = SHARD.formatted(ports.get(0)) + SHARD.formatted(ports.get(1));
        for (int i = 0; i < ports.size(); i++) {
            Path data = directory.resolve("clickhouse-" + i);
            Files.createDirectories(data.resolve("config.d"));
            Files.createDirectories(data.resolve("users.d"));
            Files.writeString(
                    data.resolve("config.d").resolve("cluster.xml"), CONFIG.formatted(ports.get(i), shards, i + 1));
            Files.writeString(data.resolve("users.d").resolve("peer.xml"), USERS.formatted(documentedGrants()));
            EmbeddedClickHouse shard = EmbeddedClickHouse.start(data, 0, progress -> {});
            cluster.shards.add(shard);
            cluster.run(shard, "SYSTEM START LISTEN TCP");
        }
        cluster.proxy.start();
        return cluster;
    }

    private static String documentedGrants() {
        String document = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/docs/operations.md"));
        return DOCUMENTED_GRANT
                .matcher(document)
                .results()
                .map(grant -> "<query>" + grant.group(1) + "</query>")
                .collect(Collectors.joining("\n"));
    }

    /** The address of the proxy. */
    public String url() {
        return "http://127.0.0.1:" + proxy.getAddress().getPort();
    }

    /** Returns the statements {@code ON CLUSTER} so far. */
    public List<String> onCluster() {
        return List.copyOf(onCluster);
    }

    /** Runs a query on each shard alone and returns its results as texts. */
    public List<String> onEach(String query) throws IOException {
        List<String> results = new ArrayList<>();
        for (EmbeddedClickHouse shard : shards) {
            results.add(run(shard, query));
        }
        return results;
    }

    private String run(EmbeddedClickHouse shard, String sql) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(shard.url() + '/'))
                .header("X-ClickHouse-User", USER)
                .header("X-ClickHouse-Key", PASSWORD)
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        HttpResponse<byte[]> response = send(request);
        String text = new String(response.body(), StandardCharsets.UTF_8).strip();
        if (response.statusCode() != 200) {
            throw new IOException(text);
        }
        return text;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String sql = new String(body, StandardCharsets.UTF_8);
            HttpResponse<byte[]> response;
            if (sql.contains(ON_CLUSTER)) {
                onCluster.add(sql);
                byte[] plain = sql.replace(ON_CLUSTER, "")
                        .replace(REPLICATED + ", ", "ReplacingMergeTree(")
                        .replace(REPLICATED + ')', "ReplacingMergeTree")
                        .getBytes(StandardCharsets.UTF_8);
                response = forward(exchange, shards.getFirst(), plain);
                if (response.statusCode() == 200) {
                    response = forward(exchange, shards.getLast(), plain);
                }
            } else {
                response = forward(exchange, shards.getFirst(), body);
            }
            response.headers().map().forEach((name, values) -> {
                if (!name.startsWith(":") && !OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            byte[] answer = response.body();
            exchange.sendResponseHeaders(response.statusCode(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, EmbeddedClickHouse shard, byte[] body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(shard.url()).resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return send(request.build());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        proxy.stop(0);
        client.close();
        shards.forEach(EmbeddedClickHouse::close);
    }
}
