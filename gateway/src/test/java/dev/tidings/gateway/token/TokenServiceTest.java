package dev.tidings.gateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.JwtAuthenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.auth.TokenSigner;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RateLimit;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.gateway.rest.RestServer;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Ban;
import dev.tidings.v1.IssuedToken;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.TokenRevocation;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real HTTP and real tokens; the log and Redis are in memory. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenServiceTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String SECRET = "s3cret: with a colon";
    private static final String BOB = "{\"userId\":\"bob\"}";
    private static final int CHECKS = 5;
    private static final TokenKeys.Secret KEY = new TokenKeys.Secret("a secret for tests alone, long enough");

    /** Few iterations, so that tests are fast. */
    private static final String SHOP =
            new TokenClient("shop", SecretHash.of(SECRET, 100_000), Set.of(Scope.USER, Scope.BUSINESS)).line();

    private static final String KIOSK =
            new TokenClient("kiosk", SecretHash.of("other", 100_000), Set.of(Scope.USER)).line();

    private final TestGateway gateway = new TestGateway.Builder()
            .rateLimits(
                    new RateLimits(
                            Map.of(), Map.of(), Map.of(LimitedWork.CREDENTIAL_CHECKS, new RateLimit(0.001, CHECKS))),
                    System::nanoTime)
            .build();
    private final Authenticator authenticator = new JwtAuthenticator(KEY, TokenPolicy.DEFAULT, gateway.logMillis::get);
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final List<TokenRevocation> revoked = new ArrayList<>();
    private boolean redisFails;
    private boolean logFails;

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // by open()
    private TokenClients clients;

    @SuppressWarnings("NullAway.Init") // by open()
    private RestServer server;

    @BeforeEach
    void open() throws Exception {
        clients = TokenClients.read(
                "gateway.token-clients", Files.writeString(directory.resolve("clients"), SHOP + '\n' + KIOSK));
        TokenService service = new TokenService(
                new TokenServiceConfig(clients, TokenSigner.of(KEY), Duration.ofHours(2), Duration.ofDays(30)),
                TokenPolicy.DEFAULT,
                authenticator,
                gateway.revocations,
                gateway.bans,
                gateway.limits,
                this::use,
                this::append,
                gateway.logMillis::get);
        server = new RestServer(gateway, gateway.revocations.guard(authenticator), service);
    }

    private boolean use(String tokenId, Duration lifetime) {
        assertTrue(lifetime.toDays() >= 29 && lifetime.toDays() <= 30, lifetime::toString);
        if (redisFails) {
            throw new ReadModelUnavailableException("Redis is down");
        }
        return used.add(tokenId);
    }

    private CompletableFuture<Message> append(AuditContext audit, TokenRevocation revocation) {
        if (logFails) {
            return CompletableFuture.completedFuture(Errors.unavailable("Kafka is down"));
        }
        assertEquals("shop", audit.getOperator());
        assertEquals(revocation.getReason(), audit.getReason());
        revoked.add(revocation);
        gateway.revocations.accept(revocation, gateway.logMillis.get());
        return CompletableFuture.completedFuture(Applied.getDefaultInstance());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_client_gets_a_token_for_a_user_and_a_device() throws Exception {
        IssuedToken issued = issued(issue("{\"userId\":\"ada@example.com\",\"deviceId\":\"phone\","
                + "\"lifetimeSeconds\":600,\"scope\":\"business user\"}"));

        Principal principal = authenticator.authenticate(issued.getAccessToken());
        assertEquals("e--ada_40example.com", principal.userId());
        assertEquals("e--ada_40example.com", issued.getUserId());
        assertEquals("phone", principal.deviceId());
        assertEquals(Set.of(Scope.USER, Scope.BUSINESS), principal.scopes());
        assertEquals("user business", issued.getScope());
        assertEquals(600, issued.getExpiresIn());
        assertEquals("Bearer", issued.getTokenType());
        long millis = principal.expiresAtMillis() - gateway.logMillis.get();
        assertTrue(millis > 628_000 && millis <= 630_000, () -> "expires in " + millis + " ms with the clock skew");
        assertEquals(
                Set.of(Scope.USER),
                authenticator.authenticate(issued(issue(BOB)).getAccessToken()).scopes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"userId\":{}}",
                "{\"user\":\"bob\"}",
                "{}",
                "{\"userId\":\"\"}",
                "{\"userId\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
                "{\"userId\":\"bob\",\"deviceId\":\"a\\u0000b\"}",
                "{\"userId\":\"bob\",\"lifetimeSeconds\":-1}",
                "{\"userId\":\"bob\",\"lifetimeSeconds\":7201}",
                "{\"userId\":\"bob\",\"lifetimeSeconds\":99999999999}",
                "{\"userId\":\"bob\",\"lifetimeSeconds\":1.5}",
                "{\"userId\":\"bob\",\"scope\":\"root\"}",
                "{\"userId\":\"bob\",\"scope\":\" \"}",
                "{\"userId\":\"bob\",\"scope\":\"user,business\"}"
            })
    void a_wrong_request_for_a_token_is_rejected(String body) throws Exception {
        assertEquals("INVALID_ARGUMENT", problem(400, issue(body)).getCode());
    }

    @Test
    void a_client_cannot_grant_more_than_its_scopes() throws Exception {
        ProblemDetails problem = problem(403, issue("{\"userId\":\"bob\",\"scope\":\"user admin\"}"));

        assertTrue(problem.getDetail().contains("shop may grant user business"), problem::getDetail);
    }

    @ParameterizedTest
    @CsvSource({
        "shop, wrong",
        "shop, ''",
        "shop, other",
        "absent, 's3cret: with a colon'",
        "'', 's3cret: with a colon'",
        "kiosk, 's3cret: with a colon'"
    })
    void wrong_credentials_are_rejected_without_a_word_about_what_is_wrong(String id, String secret) throws Exception {
        HttpResponse<String> response = post("/v1/tokens", basic(id, secret), BOB);

        assertEquals(
                "the id or the secret of the client is wrong",
                problem(401, response).getDetail());
        assertTrue(response.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "Basic", "Basic %", "Basic c2hvcA==", "Digest x", ""})
    void a_header_that_is_not_of_a_client_is_rejected(String header) throws Exception {
        HttpResponse<String> response = post("/v1/tokens", header, BOB);

        assertEquals("INVALID_TOKEN", problem(401, response).getCode());
        assertTrue(response.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic "));
    }

    @Test
    void an_address_with_too_many_wrong_secrets_waits_and_a_known_client_does_not() throws Exception {
        issued(issue(BOB));
        for (int i = 1; i < CHECKS; i++) {
            problem(401, post("/v1/tokens", basic("shop", "guess" + i), BOB));
        }

        ProblemDetails problem = problem(429, post("/v1/tokens", basic("shop", "guess"), BOB));

        assertEquals("RATE_LIMITED", problem.getCode());
        assertTrue(problem.getRetryAfterMs() > 0);
        for (int i = 0; i < 2 * CHECKS; i++) {
            issued(issue(BOB));
        }
    }

    @Test
    void a_changed_file_of_clients_is_used_and_a_wrong_one_is_not() throws Exception {
        IssuedToken issued = issued(issue(BOB));
        Path file = directory.resolve("clients");
        String newSecret =
                new TokenClient("shop", SecretHash.of("fresh", 100_000), Set.of(Scope.USER, Scope.BUSINESS)).line();

        Files.writeString(file, "nonsense");
        clients.reloadIfChanged();
        issued(issue(BOB));

        Files.writeString(file, newSecret);
        clients.reloadIfChanged();
        problem(401, issue(BOB));
        issued(post("/v1/tokens", basic("shop", "fresh"), BOB));

        Files.writeString(file, KIOSK);
        clients.reloadIfChanged();
        problem(401, post("/v1/tokens", basic("shop", "fresh"), BOB));
        assertTrue(problem(401, refresh(issued.getRefreshToken()))
                .getDetail()
                .contains("the client of the refresh token may not issue such tokens any more"));
    }

    @Test
    void a_refresh_token_gives_fresh_tokens_of_the_same_kind_once() throws Exception {
        IssuedToken first = issued(issue("{\"userId\":\"bob\",\"deviceId\":\"phone\",\"lifetimeSeconds\":60}"));

        IssuedToken second = issued(refresh(first.getRefreshToken()));
        IssuedToken third = issued(refresh(second.getRefreshToken()));

        assertNotEquals(first.getAccessToken(), second.getAccessToken());
        assertEquals(60, third.getExpiresIn());
        assertEquals("phone", authenticator.authenticate(third.getAccessToken()).deviceId());
        for (IssuedToken old : List.of(first, second)) {
            assertTrue(problem(401, refresh(old.getRefreshToken())).getDetail().contains("has been used"));
        }
    }

    @Test
    void a_refresh_token_is_not_an_access_token_and_the_reverse() throws Exception {
        IssuedToken issued = issued(issue(BOB));

        assertThrows(RejectedTokenException.class, () -> authenticator.authenticate(issued.getRefreshToken()));
        assertEquals(
                "INVALID_TOKEN", problem(401, refresh(issued.getAccessToken())).getCode());
        problem(401, refresh("nonsense"));
        assertEquals("INVALID_ARGUMENT", problem(400, refresh("")).getCode());
        problem(400, post("/v1/tokens/refresh", "", "{\"refreshToken\":{}}"));
    }

    @Test
    void an_expired_or_revoked_refresh_token_and_a_banned_user_get_nothing() throws Exception {
        IssuedToken bob = issued(issue(BOB));
        IssuedToken eve = issued(issue("{\"userId\":\"eve\"}"));
        assertEquals(200, revoke(BOB).statusCode());
        gateway.bans.accept(Ban.newBuilder().setUserId("eve").build());

        assertTrue(problem(401, refresh(bob.getRefreshToken())).getDetail().contains("revoked"));
        problem(403, refresh(eve.getRefreshToken()));
        gateway.logMillis.addAndGet(Duration.ofDays(30).plusMinutes(1).toMillis());
        assertEquals(
                "TOKEN_EXPIRED", problem(401, refresh(bob.getRefreshToken())).getCode());
        assertTrue(used.isEmpty());
    }

    @Test
    void a_refresh_without_redis_is_retryable() throws Exception {
        IssuedToken issued = issued(issue(BOB));
        redisFails = true;

        assertTrue(problem(503, refresh(issued.getRefreshToken())).getRetryable());

        redisFails = false;
        issued(refresh(issued.getRefreshToken()));
    }

    @Test
    void a_revoked_token_is_not_accepted_any_more() throws Exception {
        IssuedToken issued = issued(issue(BOB));
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/gateways"))
                .header("Authorization", "Bearer " + issued.getAccessToken())
                .build();
        assertEquals(200, send(request).statusCode());

        HttpResponse<String> response = revoke("{\"token\":\"" + issued.getAccessToken() + "\",\"reason\":\"lost\"}");

        assertEquals(200, response.statusCode(), response::body);
        problem(401, send(request));
        assertEquals("lost", revoked.getFirst().getReason());
        assertFalse(revoked.getFirst().getTokenId().isEmpty());
    }

    @Test
    void a_refresh_token_and_a_device_can_be_revoked_and_an_expired_token_need_not() throws Exception {
        IssuedToken issued = issued(issue("{\"userId\":\"bob\",\"deviceId\":\"phone\",\"lifetimeSeconds\":60}"));

        assertEquals(
                200, revoke("{\"token\":\"" + issued.getRefreshToken() + "\"}").statusCode());
        assertTrue(problem(401, refresh(issued.getRefreshToken())).getDetail().contains("revoked"));
        assertEquals(200, revoke("{\"userId\":\"bob\",\"deviceId\":\"phone\"}").statusCode());
        assertEquals("phone", revoked.getLast().getDeviceId());
        gateway.logMillis.addAndGet(Duration.ofMinutes(2).toMillis());
        assertEquals(
                "{}", revoke("{\"token\":\"" + issued.getAccessToken() + "\"}").body());
        assertEquals(2, revoked.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"deviceId\":\"phone\"}",
                "{\"token\":\"x\",\"userId\":\"bob\"}",
                "{\"token\":\"x\",\"deviceId\":\"phone\"}",
                "{\"token\":\"x\"}",
                "{\"userId\":\"not a user\"}",
                "{\"userId\":\"bob\",\"deviceId\":\"a\\u0000b\"}",
                "{\"userId\":\"bob\",\"reason\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"
            })
    void a_wrong_revocation_is_rejected(String body) throws Exception {
        assertEquals("INVALID_ARGUMENT", problem(400, revoke(body)).getCode());
        assertTrue(revoked.isEmpty());
    }

    @Test
    void a_revocation_that_is_not_durable_is_retryable() throws Exception {
        logFails = true;

        assertTrue(problem(503, revoke(BOB)).getRetryable());
    }

    @Test
    void more_revocations_than_the_maximum_are_refused() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            gateway.revocations.accept(
                    TokenRevocation.newBuilder().setTokenId("t-" + i).build(), gateway.logMillis.get());
        }

        assertEquals("TOO_MANY", problem(409, revoke(BOB)).getCode());
        assertTrue(revoked.isEmpty());
    }

    @Test
    void the_routes_are_documented_with_their_own_credentials() throws Exception {
        String document =
                send(HttpRequest.newBuilder(uri("/v1/openapi.json")).build()).body();

        assertTrue(document.contains("\"/v1/tokens/refresh\""));
        assertTrue(document.contains("\"security\":[{\"tokenClient\":[]}]"));
        assertTrue(document.contains("\"security\":[]"));
        assertTrue(document.contains("\"tokenClient\":{\"type\":\"http\",\"scheme\":\"basic\"}"));
        assertFalse(document.contains("jwks.json")); // tokens are signed with a secret
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ':' + secret).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> issue(String body) throws Exception {
        return post("/v1/tokens", basic("shop", SECRET), body);
    }

    private HttpResponse<String> revoke(String body) throws Exception {
        return post("/v1/tokens/revoke", basic("shop", SECRET), body);
    }

    private HttpResponse<String> refresh(String token) throws Exception {
        return post("/v1/tokens/refresh", "", "{\"refreshToken\":\"" + token + "\"}");
    }

    private URI uri(String path) {
        return server.uri(path);
    }

    private HttpResponse<String> post(String path, String authorization, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return send((authorization.isEmpty() ? request : request.header("Authorization", authorization)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static IssuedToken issued(HttpResponse<String> response) throws Exception {
        assertEquals(200, response.statusCode(), response::body);
        return parse(response, IssuedToken.newBuilder()).build();
    }

    private static ProblemDetails problem(int status, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response::body);
        return parse(response, ProblemDetails.newBuilder()).build();
    }

    private static <B extends Message.Builder> B parse(HttpResponse<String> response, B into) throws Exception {
        return ProtoJson.parse(response.body(), into);
    }
}
