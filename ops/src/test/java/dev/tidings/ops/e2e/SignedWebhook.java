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
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands behind {@code connectors.push.webhook-url}: takes what is signed with the secret that both sides know, as the
 * operations guide says, and turns away what is not.
 */
final class SignedWebhook implements AutoCloseable {

    private static final String SECRET = "a secret that both sides know";

    private final List<Notification> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger forged = new AtomicInteger();
    private final HttpServer server;

    SignedWebhook() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/push", this::answer);
        server.start();
    }

    /** For the process with the connectors. */
    Map<String, String> settings() {
        return Map.of(
                "connectors.push.webhook-url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/push",
                "connectors.push.webhook-secret",
                SECRET);
    }

    /** What was for this user and genuine, in the order in which it came. */
    List<Notification> of(String userId) {
        return taken.stream()
                .filter(notification -> notification.getUserId().equals(userId))
                .toList();
    }

    /** How many requests were not signed as they should be. */
    int forged() {
        return forged.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean genuine = signature(exchange.getRequestHeaders().getFirst("Tidings-Timestamp"), body)
                    .equals(exchange.getRequestHeaders().getFirst("Tidings-Signature"));
            if (genuine) {
                taken.add(ProtoJson.parse(new String(body, UTF_8), Notification.newBuilder())
                        .build());
            } else {
                forged.incrementAndGet();
            }
            exchange.sendResponseHeaders(genuine ? 204 : 400, -1);
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
