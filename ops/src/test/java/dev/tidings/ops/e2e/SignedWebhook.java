package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Notification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server behind {@code connectors.push.webhook-url}. It accepts notifications that are signed with the shared secret, as
 * the operations guide describes, and rejects all others. Thread-safe.
 */
final class SignedWebhook implements AutoCloseable {

    private static final String SECRET = "a secret that both sides have";

    private final List<Notification> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger forged = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile Predicate<String> stalling = userId -> false;

    SignedWebhook() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/push", this::answer);
        server.start();
    }

    /** Settings for the process with the connectors. */
    Map<String, String> settings() {
        return Map.of(
                "connectors.push.webhook-url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/push",
                "connectors.push.webhook-secret",
                SECRET);
    }

    /** Makes the responses about these users stall after their headers and a part of their body, until this is closed. */
    void stallFor(Predicate<String> userIds) {
        stalling = userIds;
    }

    /** Returns the accepted notifications of a user, in the order of their arrival. */
    List<Notification> of(String userId) {
        return accepted.stream()
                .filter(notification -> notification.getUserId().equals(userId))
                .toList();
    }

    /** Returns how many requests had no valid signature. */
    int forged() {
        return forged.get();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean genuine = signature(exchange.getRequestHeaders().getFirst("Tidings-Timestamp"), body)
                    .equals(exchange.getRequestHeaders().getFirst("Tidings-Signature"));
            if (!genuine) {
                forged.incrementAndGet();
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            Notification notification = ProtoJson.parse(new String(body, UTF_8), Notification.newBuilder())
                    .build();
            accepted.add(notification);
            if (stalling.test(notification.getUserId())) {
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody().write("abc".getBytes(US_ASCII));
                exchange.getResponseBody().flush();
                closing.await();
            } else {
                exchange.sendResponseHeaders(204, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String signature(String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            mac.update((timestamp + '.').getBytes(US_ASCII));
            return "v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
