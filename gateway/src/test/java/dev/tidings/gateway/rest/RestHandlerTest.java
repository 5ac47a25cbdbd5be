package dev.tidings.gateway.rest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RateLimit;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Error;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real HTTP; the log is in memory, and each test answers for the topologies. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestHandlerTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String MESSAGES = "/v1/conversations/p:alice:bob/messages";
    private static final String HELLO = "{\"content\":{\"text\":{\"body\":\"hello\"}}}";

    private TestGateway gateway = new TestGateway.Builder().build();
    private RestServer server = new RestServer(gateway, authenticator());

    @AfterEach
    void close() {
        server.close();
    }

    /** A token is a user id, or a scope and a user id. */
    private static Authenticator authenticator() {
        return token -> {
            switch (token) {
                case "expired" -> throw new RejectedTokenException(Error.Code.TOKEN_EXPIRED, "the token has expired");
                case "phone-only" -> {
                    return new Principal("alice", Set.of(Scope.USER), "", "phone", 0, Principal.NEVER);
                }
                case "unverified" -> throw new RejectedTokenException(Error.Code.UNAVAILABLE, "no keys");
                default -> {
                    int slash = token.indexOf('/');
                    return slash < 0
                            ? TestGateway.principal(token)
                            : new Principal(
                                    token.substring(slash + 1),
                                    Scope.parse(token.substring(0, slash)),
                                    "",
                                    "",
                                    0,
                                    Principal.NEVER);
                }
            }
        };
    }

    @Test
    void a_message_is_answered_with_its_place_in_the_sequence() throws Exception {
        CompletableFuture<HttpResponse<String>> response = later(post(MESSAGES, HELLO, "Idempotency-Key", "k1"));
        Command command = appended();

        assertEquals("alice", command.getActor());
        assertEquals("k1", command.getSendMessage().getClientMsgId());
        assertTrue(command.getOrigin().getUnary());
        answer(
                command.getOrigin(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(7)));

        assertEquals(200, response.join().statusCode());
        assertEquals("{\"seq\":\"7\"}", response.join().body());
        assertEquals(
                "application/json",
                response.join().headers().firstValue("Content-Type").orElse(""));
        assertEquals(0, gateway.pending.size());
    }

    @ParameterizedTest
    @CsvSource({"FRAMES, 1", "BYTES, 1", "MESSAGES, 1"})
    void a_request_above_a_limit_of_the_user_is_429_and_is_not_carried_out(LimitedWork work, long burst)
            throws Exception {
        server.close();
        gateway = new TestGateway.Builder()
                .rateLimits(
                        new RateLimits(Map.of(), Map.of(work, new RateLimit(0.001, burst)), Map.of()), System::nanoTime)
                .build();
        server = new RestServer(gateway, authenticator());
        CompletableFuture<HttpResponse<String>> first = later(post(MESSAGES, HELLO));
        answer(
                appended().getOrigin(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(7)));
        assertEquals(200, first.join().statusCode());

        ProblemDetails problem = problem(429, send(post(MESSAGES, HELLO)));

        assertEquals("RATE_LIMITED", problem.getCode());
        assertTrue(problem.getRetryAfterMs() > 0, problem::toString);
        assertEquals(1, gateway.log.commands().size());
    }

    @Test
    void a_refusal_is_a_problem_with_its_reason() throws Exception {
        CompletableFuture<HttpResponse<String>> response = later(post(MESSAGES, HELLO));
        answer(
                appended().getOrigin(),
                Answer.newBuilder()
                        .setRefusal(Refusal.newBuilder()
                                .setReason(Refusal.Reason.BLOCKED)
                                .setMessage("bob has blocked alice")));

        ProblemDetails problem = problem(403, response.join());
        assertEquals("BLOCKED", problem.getCode());
        assertEquals("bob has blocked alice", problem.getDetail());
        assertEquals("Forbidden", problem.getTitle());
        assertFalse(problem.getRetryable());
    }

    @Test
    void a_missing_reply_leaves_the_outcome_of_a_change_unknown_and_that_of_a_read_retryable() throws Exception {
        server.close();
        gateway = new TestGateway.Builder().unaryTimeout(Duration.ZERO).build();
        server = new RestServer(gateway, authenticator());

        ProblemDetails change = problem(504, send(post(MESSAGES, HELLO)));
        assertTrue(change.getOutcomeUnknown());
        assertTrue(change.getRetryable());
        ProblemDetails read = problem(503, send(get("/v1/friends")));
        assertFalse(read.hasOutcomeUnknown());
        assertEquals(0, gateway.pending.size());
    }

    @Test
    void a_reply_after_the_time_out_and_a_reply_to_another_epoch_are_dropped() {
        Origin late =
                Origin.newBuilder().setSessionId("unary-8").setFrameId("77").build();
        answer(late, Answer.newBuilder().setSequenced(Sequenced.getDefaultInstance()));
        answer(
                late.toBuilder().setSessionId("unary-7").build(),
                Answer.newBuilder().setSequenced(Sequenced.getDefaultInstance()));

        assertEquals(0, gateway.pending.size());
    }

    @Test
    void a_log_that_is_unavailable_is_retryable_and_says_when() throws Exception {
        gateway.log.fails(true);

        HttpResponse<String> response = send(post(MESSAGES, HELLO));

        ProblemDetails problem = problem(503, response);
        assertEquals("UNAVAILABLE", problem.getCode());
        assertTrue(problem.getRetryable());
        assertEquals(1_000, problem.getRetryAfterMs());
        assertEquals("1", response.headers().firstValue("Retry-After").orElse(""));
    }

    @ParameterizedTest
    @CsvSource({"expired, 401, TOKEN_EXPIRED", "unverified, 503, UNAVAILABLE", "analyst/ann, 403, FORBIDDEN"})
    void a_token_that_does_not_grant_access_is_rejected(String token, int status, String code) throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/v1/friends"))
                .header("Authorization", "Bearer " + token)
                .build());

        assertEquals(code, problem(status, response).getCode());
    }

    @Test
    void a_request_without_a_token_is_rejected_and_names_the_scheme() throws Exception {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(uri("/v1/friends")).build());

        assertEquals("INVALID_TOKEN", problem(401, response).getCode());
        assertEquals("Bearer", response.headers().firstValue("WWW-Authenticate").orElse(""));
    }

    @Test
    void a_business_system_acts_for_a_user_and_another_user_cannot() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(MESSAGES))
                .header("Tidings-Actor", "alice")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(HELLO));

        problem(403, send(request.copy().header("Authorization", "Bearer bob").build()));
        CompletableFuture<HttpResponse<String>> response = later(
                request.copy().header("Authorization", "Bearer business/shop").build());
        Command command = appended();
        answer(
                command.getOrigin(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(1)));

        assertEquals("alice", command.getActor());
        assertEquals(200, response.join().statusCode());
    }

    @Test
    void a_banned_user_and_a_disabled_user_are_rejected_with_different_codes() throws Exception {
        gateway.bans.accept(Ban.newBuilder().setUserId("alice").build());
        gateway.bans.accept(Ban.newBuilder().setDisabledUserId("bob").build());

        assertEquals("BANNED", problem(403, send(get("/v1/friends"))).getCode());
        assertEquals(
                "USER_DISABLED",
                problem(403, send(request("/v1/friends", "bob").build())).getCode());
    }

    @Test
    void a_token_for_one_device_registers_no_other_device_for_push() throws Exception {
        HttpRequest other = request("/v1/me/devices/tablet/push", "phone-only")
                .header("Content-Type", "application/json")
                .PUT(body("{\"channel\":\"log\",\"token\":\"t\"}"))
                .build();

        ProblemDetails problem = problem(403, send(other));

        assertEquals("FORBIDDEN", problem.getCode());
        assertEquals("deviceId is \"tablet\"; the token is for the device \"phone\"", problem.getDetail());
        assertTrue(gateway.log.userCommands().isEmpty());
    }

    @Test
    void a_response_that_the_client_has_is_not_sent_again() {
        HttpResponse<String> first = send(get("/v1/gateways"));
        String tag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> same =
                send(request("/v1/gateways").header("If-None-Match", tag).build());
        gateway.beats.add(GatewayBeat.newBuilder().setAddress("a:80").build());
        HttpResponse<String> changed =
                send(request("/v1/gateways").header("If-None-Match", tag).build());

        assertEquals(304, same.statusCode());
        assertEquals("", same.body());
        assertEquals(200, changed.statusCode());
        assertFalse(tag.equals(changed.headers().firstValue("ETag").orElseThrow()));
    }

    @Test
    void the_body_of_a_request_counts_in_the_buffers_of_the_gateway_until_its_response() throws Exception {
        CompletableFuture<HttpResponse<String>> response = later(post(MESSAGES, HELLO));
        Command command = appended();

        assertEquals(HELLO.length(), gateway.budget.heldBytes());
        answer(
                command.getOrigin(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(1)));
        response.join();
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 0);
    }

    @Test
    void a_gateway_whose_buffers_are_full_accepts_no_requests() throws Exception {
        gateway.budget.add(8_000_000);

        assertEquals("OVERLOADED", problem(503, send(post(MESSAGES, HELLO))).getCode());
    }

    @Test
    void a_draining_gateway_accepts_no_requests() throws Exception {
        gateway.sessions.drain();

        assertEquals("UNAVAILABLE", problem(503, send(get("/v1/friends"))).getCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/nothing", "/v1/groups/g:a/b/c/d", "/v1/conversations//messages/", "/v1"})
    void an_unknown_path_is_not_found(String path) throws Exception {
        problem(404, send(get(path)));
    }

    @Test
    void a_wrong_method_names_the_allowed_ones() throws Exception {
        HttpResponse<String> response =
                send(request("/v1/groups/g:a").PUT(body("{}")).build());

        problem(405, response);
        assertEquals(
                "DELETE, GET, PATCH", response.headers().firstValue("Allow").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"text\"",
                "{} {}",
                "{\"content\":3}",
                "{\"clientMsgId\":5}",
                "{\"clientMsgId\":[\"m1\"]}",
                "{\"unknown\":1}",
                "{\"flags\":{},\"flags\":{}}",
                "{\"conversationId\":\"p:alice:carol\"}",
                "{\"clientMsgId\":\"\\ud800\"}",
                "{\"expiresAt\":\"2026-02-30T00:00:00Z\"}"
            })
    void a_body_that_is_not_a_message_is_rejected(String json) throws Exception {
        ProblemDetails problem = problem(400, send(post(MESSAGES, json)));

        assertEquals("INVALID_ARGUMENT", problem.getCode());
        assertTrue(problem.getDetail().startsWith("the body"), problem::getDetail);
    }

    @Test
    void a_body_that_is_not_utf_8_is_rejected() throws Exception {
        problem(
                400,
                send(request(MESSAGES)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xff, '}'}))
                        .build()));
    }

    @Test
    void another_content_type_is_not_supported() throws Exception {
        HttpRequest request = request(MESSAGES)
                .header("Content-Type", "text/plain")
                .POST(body(HELLO))
                .build();

        problem(415, send(request));
        problem(415, send(request(MESSAGES).POST(body(HELLO)).build()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json; charset=iso-8859-1 | identity | Content-Type is application/json; charset=iso-8859-1",
                "application/json | gzip | Content-Encoding is gzip; a body without an encoding is allowed"
            })
    void another_character_set_or_encoding_is_not_supported(String type, String encoding, String detail)
            throws Exception {
        HttpRequest request = request(MESSAGES)
                .header("Content-Type", type)
                .header("Content-Encoding", encoding)
                .POST(body(HELLO))
                .build();

        ProblemDetails problem = problem(415, send(request));

        assertTrue(problem.getDetail().startsWith(detail), problem::getDetail);
        assertTrue(gateway.log.commands().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/presence?userIds= | userIds is empty; 1 to 200 user ids, separated by commas, are allowed",
                "/v1/presence | userIds is absent; 1 to 200 user ids, separated by commas, are allowed",
                "/v1/users?ids= | ids is empty; 1 to 100 user ids, separated by commas, are allowed",
                "/v1/users?prefix=a&limit=-1 | limit is \"-1\"; 1 to 20 is allowed",
                "/v1/users?prefix=a&limit= | limit is \"\"; 1 to 20 is allowed"
            })
    void a_detail_names_the_parameter_and_what_is_allowed(String path, String detail) throws Exception {
        assertEquals(detail, problem(400, send(get(path))).getDetail());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/nothing | 404",
                "/%2e%2e/%2e%2e/etc/passwd | 404",
                "/v1/nothing | 404",
                "/v1/users/%ff | 400",
                "/v1/users?prefix=%ff | 400"
            })
    void a_path_that_is_unknown_or_wrongly_encoded_gets_a_problem(String path, int status) throws Exception {
        String response = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer alice\r\n");

        assertTrue(response.startsWith("HTTP/1.1 " + status + ' '), response);
        assertTrue(response.contains("Content-Type: application/problem+json"), response);
        assertTrue(response.contains("\"retryable\":false"), response);
    }

    /** Sends a request that Java's client would correct, and returns the whole response. */
    private String raw(String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_body_over_the_limit_is_rejected() throws Exception {
        problem(413, send(post(MESSAGES, " ".repeat(RestHandler.MAX_BODY_BYTES + 1))));
    }

    @Test
    void a_content_over_the_limit_is_refused_with_the_same_status() throws Exception {
        String large = HELLO.replace("hello", "x".repeat(70_000));

        assertEquals(
                "CONTENT_TOO_LARGE", problem(413, send(post(MESSAGES, large))).getCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/conversations/nonsense/messages",
                MESSAGES + "?limit=0",
                MESSAGES + "?limit=201",
                MESSAGES + "?limit=ten",
                MESSAGES + "?limit=-1",
                MESSAGES + "?limit=1&limit=2",
                MESSAGES + "?from=99999999999999999999",
                MESSAGES + "?from=9&to=3",
                MESSAGES + "?before=4&after=2",
                MESSAGES + "?before=1",
                MESSAGES + "?after=9223372036854775807",
                MESSAGES + "?after=-1",
                MESSAGES + "?around=0",
                MESSAGES + "?around=3&from=4",
                MESSAGES + "?around=3&sentFrom=2026-11-29T10:00:00Z",
                MESSAGES + "?sentFrom=yesterday",
                MESSAGES + "?sentFrom=2026-11-29T10:00:00Z&sentBefore=2026-11-29T10:00:00Z",
                MESSAGES + "?colour=red",
                MESSAGES + "?from=%ff",
                MESSAGES + "/x/receipts",
                MESSAGES + "/0/receipts",
                MESSAGES + "/1/receipts?withUsers=yes",
                "/v1/conversations?mode=slow",
                "/v1/conversations?mode=fast&since=1",
                "/v1/presence",
                "/v1/presence?userIds=a%20b",
                "/v1/presence?userIds=a,,b",
                "/v1/users",
                "/v1/users?ids=a%20b",
                "/v1/users?ids=a&prefix=a",
                "/v1/users?prefix=a&limit=21",
                "/v1/users/a%20b",
                "/v1/groups/p:alice:bob",
                "/v1/groups/g:a/members?limit=1001"
            })
    void a_value_in_the_url_that_is_not_allowed_is_rejected(String path) throws Exception {
        ProblemDetails problem = problem(400, send(get(path)));

        assertFalse(problem.getDetail().isEmpty());
    }

    @Test
    void a_user_that_the_directory_does_not_have_is_404_and_left_out_of_a_list() throws Exception {
        assertEquals(
                "USER_NOT_FOUND", problem(404, send(get("/v1/users/ghost"))).getCode());
        assertEquals(
                "{\"complete\":true}", send(get("/v1/users?ids=ghost,nobody")).body());
    }

    @Test
    void ids_in_the_path_are_percent_decoded() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                later(request("/v1/conversations/p%3Aalice%3Abob/messages/4/" + "reactions/%F0%9F%91%8D%2F+")
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build());
        Command command = appended();
        answer(
                command.getOrigin(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(5)));

        assertEquals("p:alice:bob", command.getConversationId());
        assertEquals("👍/+", command.getReact().getReaction());
        assertEquals(200, response.join().statusCode());
    }

    @Test
    void an_idempotency_key_that_is_too_long_or_contradicts_the_body_is_rejected() throws Exception {
        problem(400, send(post(MESSAGES, HELLO, "Idempotency-Key", "k".repeat(129))));
        problem(400, send(post(MESSAGES, "{\"clientMsgId\":\"m1\"}", "Idempotency-Key", "k1")));
    }

    @Test
    void an_idempotency_key_that_is_empty_or_repeated_is_rejected() throws Exception {
        assertEquals(
                "Idempotency-Key has 0 characters; 1 to 128 bytes without control characters are allowed",
                problem(400, send(post(MESSAGES, HELLO, "Idempotency-Key", ""))).getDetail());
        assertEquals(
                "the header Idempotency-Key is repeated; one is allowed",
                problem(400, send(post(MESSAGES, HELLO, "Idempotency-Key", "a", "Idempotency-Key", "b")))
                        .getDetail());
        assertTrue(gateway.log.commands().isEmpty());
    }

    @Test
    void a_group_without_an_id_gets_the_same_one_for_the_same_idempotency_key() throws Exception {
        HttpRequest create = post("/v1/groups", "{\"profile\":{\"name\":\"Club\"}}", "Idempotency-Key", "k1");
        for (int i = 0; i < 2; i++) {
            CompletableFuture<HttpResponse<String>> response = later(create);
            int expected = i + 1;
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.log.commands().size() == expected);
            answer(
                    gateway.log.commands().getLast().getOrigin(),
                    Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(1)));
            assertEquals(200, response.join().statusCode());
        }

        Command first = gateway.log.commands().getFirst();
        assertTrue(first.getConversationId().startsWith("g:"));
        assertEquals("k1", first.getOperationId());
        assertEquals(first.getConversationId(), gateway.log.commands().getLast().getConversationId());
    }

    @Test
    void the_gateway_with_the_fewest_sessions_is_first_and_one_that_does_not_listen_is_left_out() throws Exception {
        gateway.beats.add(
                GatewayBeat.newBuilder().setAddress("a:80").setSessions(9).build());
        gateway.beats.add(
                GatewayBeat.newBuilder().setAddress("b:80").setSessions(3).build());
        gateway.beats.add(GatewayBeat.getDefaultInstance());

        assertEquals(
                "{\"gateways\":[{\"address\":\"b:80\",\"sessions\":3},{\"address\":\"a:80\",\"sessions\":9}]}",
                send(get("/v1/gateways")).body());
    }

    @Test
    void an_allowed_origin_may_read_responses_and_others_may_not() throws Exception {
        HttpRequest preflight = HttpRequest.newBuilder(uri(MESSAGES))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", RestServer.ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .build();

        HttpResponse<String> allowed = send(preflight);
        HttpResponse<String> other = send(
                request("/v1/nothing").header("Origin", "https://evil.example").build());

        assertEquals(204, allowed.statusCode());
        assertEquals(
                RestServer.ORIGIN,
                allowed.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        assertTrue(other.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    }

    private Command appended() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.commands().isEmpty());
        return gateway.log.commands().getLast();
    }

    private void answer(Origin origin, Answer.Builder answer) {
        gateway.deliver(Delivery.newBuilder().setAnswer(answer.setOrigin(origin)));
    }

    private URI uri(String path) {
        return server.uri(path);
    }

    private HttpRequest.Builder request(String path) {
        return request(path, "alice");
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    private HttpRequest get(String path) {
        return request(path).build();
    }

    private HttpRequest post(String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(body(json));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static HttpRequest.BodyPublisher body(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return later(request).join();
    }

    private static CompletableFuture<HttpResponse<String>> later(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static ProblemDetails problem(int status, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response::body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""));
        ProblemDetails problem =
                ProtoJson.parse(response.body(), ProblemDetails.newBuilder()).build();
        assertEquals(status, problem.getStatus());
        assertTrue(problem.hasRetryable(), response::body);
        return problem;
    }
}
