package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenIssuer;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.IssuedToken;
import dev.tidings.v1.RefreshToken;
import dev.tidings.v1.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tokens expire, are refreshed and are revoked while their sessions are open. */
class IdentityIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @TempDir
    private Path directory;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "id-alice-" + suffix;

    @Test
    void a_session_ends_with_its_token_unless_a_fresh_one_comes() throws Exception {
        String brief = expiringIn(Duration.ofSeconds(6), alice);
        String briefToo = expiringIn(Duration.ofSeconds(6), "id-bob-" + suffix);
        try (ChatClient refreshing = connected(brief, "phone");
                ChatClient silent = connected(briefToo, "phone")) {
            ServerFrame refreshed = refresh(refreshing, issue(alice));
            assertTrue(refreshed.getTokenRefreshed().hasExpiresAt(), refreshed::toString);
            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    refresh(refreshing, issue("id-other-" + suffix)).getError().getCode());

            Disconnect end = silent.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
            assertEquals(Disconnect.Code.TOKEN_EXPIRED, end.getCode());
            assertTrue(end.getReconnect());
            assertEquals(4401, silent.awaitClose());
            assertServed(refreshing);
        }
    }

    @Test
    void a_revoked_user_is_disconnected_and_connects_with_a_later_token_only() throws Exception {
        String token = issue(alice);
        try (ChatClient phone = connected(token, "phone");
                ChatClient other = connected(issue("id-bob-" + suffix), "phone")) {
            assertEquals(0, run("revoke", alice, "--reason", "lost").exitCode());

            assertRevoked(phone);
            assertServed(other);
        }
        try (ChatClient again = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            again.send(ChatClient.connect(token, "phone"));
            assertRevoked(again);
        }
        assertTrue(run("list-revoked").lines().stream().anyMatch(line -> line.endsWith("\tuser:" + alice + "\tlost")));
        connected(issue(alice, Duration.ofSeconds(2), Duration.ofMinutes(10)), "phone")
                .close();
    }

    @Test
    void a_single_token_and_a_single_device_can_be_revoked() throws Exception {
        String first = issue(alice);
        String second = issue(alice);
        String id = SignedJWT.parse(first).getJWTClaimsSet().getJWTID();
        try (ChatClient phone = connected(first, "phone");
                ChatClient tablet = connected(second, "tablet");
                ChatClient desktop = connected(second, "desktop")) {
            assertEquals(0, run("revoke", "--id", id).exitCode());
            assertRevoked(phone);

            assertEquals(0, run("revoke", alice, "--device", "tablet").exitCode());
            assertRevoked(tablet);
            assertServed(desktop);
        }
    }

    @Test
    void a_token_of_the_command_line_connects_its_device_only() throws Exception {
        CommandLineRun issued = run("issue", "ada@" + suffix + ".example", "--device", "phone", "--for", "5m");
        assertEquals(0, issued.exitCode(), issued::err);
        String token = issued.lines().getFirst();

        try (ChatClient phone = new ChatClient(tidings.url(), Subprotocol.JSON);
                ChatClient tablet = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            assertEquals(
                    "e--ada_40" + suffix + ".example",
                    phone.request(ChatClient.connect(token, "phone"), ServerFrame::hasConnected)
                            .getConnected()
                            .getUserId());
            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    tablet.request(ChatClient.connect(token, "tablet"), ServerFrame::hasError)
                            .getError()
                            .getCode());
        }
        assertEquals(2, run("issue", alice, "--for", "100d").exitCode());
        assertEquals(2, run("revoke").exitCode());
        assertEquals(2, run("revoke", "not a user").exitCode());
    }

    /** A second gateway has the token service, TLS, and a port for metrics; the users are connected to the first one. */
    @Test
    void a_back_end_gets_tokens_over_tls_that_every_gateway_accepts() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(directory);
        List<String> client = run("create-client", "shop-" + suffix).lines();
        int healthPort = RoleProcess.freePort();
        Map<String, String> settings = new HashMap<>(certificate.settings());
        settings.put(
                "gateway.token-clients",
                Files.writeString(directory.resolve("clients"), client.get(1)).toString());
        settings.put("gateway.health-port", Integer.toString(healthPort));
        try (Gateway gateway = tidings.startGateway(settings);
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(certificate.clientContext())
                        .build()) {
            URI url = URI.create("https://127.0.0.1:" + gateway.port());
            String shop = "shop-" + suffix + ':' + client.getFirst();
            String device = "{\"userId\":\"" + alice + "\",\"deviceId\":\"phone\"}";
            IssuedToken issued = tokens(post(http, url.resolve("/v1/tokens"), shop, device));
            String refresh = "{\"refreshToken\":\"" + issued.getRefreshToken() + "\"}";
            try (ChatClient phone = connected(issued.getAccessToken(), "phone")) {
                IssuedToken fresh = tokens(post(http, url.resolve("/v1/tokens/refresh"), "", refresh));
                assertTrue(refresh(phone, fresh.getAccessToken()).hasTokenRefreshed());
                assertEquals(
                        401,
                        post(http, url.resolve("/v1/tokens/refresh"), "", refresh)
                                .statusCode());
                assertEquals(
                        401,
                        post(http, url.resolve("/v1/tokens"), shop + 'x', device)
                                .statusCode());

                assertEquals(
                        200,
                        post(http, url.resolve("/v1/tokens/revoke"), shop, device)
                                .statusCode());
                assertRevoked(phone);
            }
            assertEquals(404, get(http, url.resolve("/metrics")).statusCode());
            String metrics = get(http, URI.create("http://127.0.0.1:" + healthPort + "/metrics"))
                    .body();
            assertTrue(metrics.contains("tidings_gateway_tls_certificate_expiry_seconds"), metrics);
        }
    }

    private static IssuedToken tokens(HttpResponse<String> response) throws Exception {
        assertEquals(200, response.statusCode(), response::body);
        return ProtoJson.parse(response.body(), IssuedToken.newBuilder()).build();
    }

    /** @param client id and secret; empty: none */
    private static HttpResponse<String> post(HttpClient http, URI url, String client, String json) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (!client.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.UTF_8)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(HttpClient http, URI url) throws Exception {
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertRevoked(ChatClient client) {
        Disconnect end = client.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
        assertEquals(Disconnect.Code.TOKEN_REVOKED, end.getCode());
        assertFalse(end.getReconnect());
        assertEquals(4403, client.awaitClose());
    }

    private static void assertServed(ChatClient client) {
        assertTrue(client.request(
                        ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()),
                        ServerFrame::hasHeartbeat)
                .hasHeartbeat());
    }

    private static ChatClient connected(String token, String device) {
        ChatClient client = new ChatClient(tidings.url(), Subprotocol.PROTO);
        client.request(ChatClient.connect(token, device), ServerFrame::hasConnected);
        return client;
    }

    private static ServerFrame refresh(ChatClient client, String token) {
        return client.request(
                ClientFrame.newBuilder()
                        .setRefreshToken(RefreshToken.newBuilder().setToken(token)),
                frame -> frame.hasTokenRefreshed() || frame.hasError());
    }

    private static String issue(String user) {
        return issue(user, Duration.ZERO, Duration.ofMinutes(10));
    }

    /** The session lives for this time: the allowed clock skew has begun. */
    private static String expiringIn(Duration span, String user) {
        Duration skew = TokenPolicy.from(tidings.settings()).clockSkew();
        return issue(user, skew.negated(), span);
    }

    /** @param offset of the time of issue from now */
    private static String issue(String user, Duration offset, Duration lifetime) {
        return new TokenIssuer(
                        new TokenKeys.Secret(tidings.settings().required("gateway.jwt.secret")),
                        TokenPolicy.from(tidings.settings()),
                        () -> System.currentTimeMillis() + offset.toMillis())
                .issue(user, Set.of(Scope.USER), "", lifetime);
    }

    private CommandLineRun run(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(words));
        return CommandLineRun.of(
                directory,
                Map.of(
                        "kafka.bootstrap-servers", tidings.bootstrapServers(),
                        "gateway.jwt.secret", tidings.settings().required("gateway.jwt.secret")),
                all);
    }
}
