package dev.tidings.ops.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.ops.bench.check.NotificationLedger;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Notification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The server behind {@code connectors.push.webhook-url}: accepts every notification, and keeps it until it is read. Thread-safe. */
final class PushReceiver implements AutoCloseable {

    private record Request(String idempotencyKey, Notification notification) {}

    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    PushReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/push", this::accept);
        server.start();
    }

    /** Returns the settings of the roles. */
    Map<String, String> settings() {
        return Map.of(
                "connectors.push.webhook-url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/push",
                "connectors.push.webhook-secret",
                "not checked: no other process knows the port");
    }

    /** Moves the requests since the last call to the ledger. */
    void moveTo(NotificationLedger ledger) {
        for (Request request = requests.poll(); request != null; request = requests.poll()) {
            ledger.requested(request.idempotencyKey, request.notification);
        }
    }

    private void accept(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            requests.add(new Request(
                    String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")),
                    ProtoJson.parse(body, Notification.newBuilder()).build()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
