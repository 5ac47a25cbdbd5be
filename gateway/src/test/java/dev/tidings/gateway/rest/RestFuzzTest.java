package dev.tidings.gateway.rest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ProblemDetails;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 10,000 random requests: real routes with wrong values, wrong bodies and wrong paths. Each gets a reply of the protocol or problem
 * details, and no failure of the gateway. Prints its seed, and takes it back as {@code -Dtidings.seed=<seed>}.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestFuzzTest {

    private static final int REQUESTS = 10_000;
    private static final List<String> VALUES = List.of(
            "alice",
            "p:alice:bob",
            "g:club",
            "r:lobby",
            "s:alice",
            "b:all",
            "1",
            "0",
            "-1",
            "9223372036854775807",
            "true",
            "",
            "x".repeat(200),
            "\u0000",
            "\ud83d\udc4d",
            "../..",
            "a/b",
            "%",
            "null",
            "{}",
            "2026-11-29T10:00:00Z",
            "'\"<>&");
    private static final List<String> JSON = List.of(
            "{}",
            "[]",
            "null",
            "1",
            "\"text\"",
            "{\"\":1}",
            "{",
            "{\"content\":{\"text\":{\"body\":\"hi\"}}}",
            "\ufeff{}",
            "[".repeat(2_000),
            "{\"a\":".repeat(500),
            "{\"until\":\"9999-99-99\"}",
            "{\"seq\":1e999}");

    private final long seed = Long.getLong("tidings.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Route> routes = new Routes().all();

    /** Replies never come: a request that is carried out times out at once. */
    private final TestGateway gateway =
            new TestGateway.Builder().unaryTimeout(Duration.ZERO).build();

    private final RestServer server = new RestServer(
            gateway, token -> new Principal(token, EnumSet.allOf(Scope.class), "", "", 0, Principal.NEVER));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void a_random_request_gets_a_reply_or_problem_details_and_never_fails_the_gateway() throws Exception {
        System.out.println("tidings.seed=" + seed);
        Bystander bystander = new Bystander();
        WebSocket connection = http.newWebSocketBuilder()
                .subprotocols("tidings.v1.json")
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/v1/ws"), bystander)
                .join();
        for (int i = 0; i < REQUESTS; i++) {
            if (i % (REQUESTS / 10) == 0) {
                connection.sendText("{\"id\":\"h\",\"heartbeat\":{}}", true).join();
                String reply = bystander.frames.poll(60, TimeUnit.SECONDS);
                assertTrue(reply != null && reply.contains("heartbeat"), "reply " + reply + ", seed " + seed);
            }
            HttpRequest request = request();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            String what = request.method() + ' ' + request.uri() + " got " + response.statusCode() + ": "
                    + response.body() + ", -Dtidings.seed=" + seed;
            if (response.statusCode() != 200) {
                assertTrue(response.statusCode() >= 400 && response.statusCode() != 500, what);
                ProblemDetails problem = ProtoJson.parse(response.body(), ProblemDetails.newBuilder())
                        .build();
                assertEquals(response.statusCode(), problem.getStatus(), what);
            }
            assertFalse(response.body().contains("Exception"), what);
        }
        connection.abort();
        assertEquals(0, gateway.pending.size());
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 0);
    }

    /** A client whose connection must stay open. */
    private static final class Bystander implements WebSocket.Listener {

        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            frames.add(text.toString());
            socket.request(1);
            return null;
        }
    }

    private HttpRequest request() {
        Route route = routes.get(random.nextInt(routes.size()));
        String path = route.path().segments().stream()
                .map(segment -> segment.startsWith("{") ? encoded(value()) : segment)
                .collect(Collectors.joining("/", "/", random.nextInt(50) == 0 ? "/" : ""));
        StringBuilder query = new StringBuilder();
        for (QueryParameter parameter : route.query()) {
            if (parameter.isRequired() || random.nextBoolean()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(random.nextInt(30) == 0 ? "other" : parameter.name())
                        .append('=')
                        .append(encoded(value()));
            }
        }
        String body = route.body() == null && random.nextInt(10) > 0
                ? ""
                : random.nextBoolean() ? one(JSON) : body(route.body(), 3);
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path + query))
                .header("Authorization", "Bearer alice")
                .method(
                        random.nextInt(20) == 0
                                ? one(List.of("GET", "PUT", "POST", "DELETE", "PATCH"))
                                : route.method(),
                        HttpRequest.BodyPublishers.ofString(body));
        if (random.nextInt(20) > 0) {
            request.header(
                    "Content-Type", one(List.of("application/json", "application/json; charset=utf-8", "text/plain")));
        }
        if (random.nextInt(10) == 0) {
            request.header("Tidings-Reason", encoded(value()));
            request.header("Idempotency-Key", encoded(value()));
        }
        return request.build();
    }

    /** Makes a body with fields of the type and values that often do not fit. */
    private String body(@Nullable Descriptor type, int depth) {
        if (type == null || depth == 0) {
            return one(JSON);
        }
        return type.getFields().stream()
                .filter(field -> random.nextInt(3) == 0)
                .map(field -> '"' + field.getJsonName() + "\":" + json(field, depth))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String json(FieldDescriptor field, int depth) {
        String value = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && random.nextInt(5) > 0
                ? body(field.getMessageType(), depth - 1)
                : random.nextInt(3) == 0 ? one(JSON) : '"' + encoded(value()) + '"';
        return field.isRepeated() && random.nextInt(5) > 0 ? '[' + value + ']' : value;
    }

    private String value() {
        return one(VALUES);
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Percent-encodes every byte that is no letter, digit or colon; sometimes wrongly. */
    private String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == ':';
            encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return random.nextInt(100) == 0 ? encoded + "%FF" : encoded.toString();
    }
}
