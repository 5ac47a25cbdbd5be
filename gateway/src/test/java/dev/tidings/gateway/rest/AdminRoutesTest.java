package dev.tidings.gateway.rest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.tidings.gateway.admin.OperatorReads;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.log.RecordedLog.OperatorRequest;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.ModerationCases;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.UserAnswer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real HTTP; the log is in memory, and each test answers for the topologies. A token is a scope and a user id. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminRoutesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Authenticator AUTHENTICATOR = token -> {
        String[] parts = token.split("/", 2);
        return new Principal(parts[1], Scope.parse(parts[0]), "", "", 0, Principal.NEVER);
    };

    /** Returns as many entries as the page may have. */
    private static final class FullPages implements OperatorReads {
        @Override
        public ModerationCases cases(CaseFilter filter, String cursor, int limit) {
            throw new IllegalArgumentException("cursor is not one of an earlier page");
        }

        @Override
        public AuditPage audit(AuditFilter filter, String cursor, int limit) {
            return AuditPage.newBuilder()
                    .addRecords(AuditRecord.newBuilder()
                            .setOperator(filter.operator())
                            .setTarget(filter.target()))
                    .setNextCursor(cursor + limit)
                    .build();
        }
    }

    private final TestGateway gateway =
            new TestGateway.Builder().operatorReads(new FullPages()).build();
    private final RestServer server = new RestServer(gateway, AUTHENTICATOR);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_change_is_a_request_as_system_that_names_the_operator_and_the_reason() {
        CompletableFuture<HttpResponse<String>> response = later(request("moderator/ada", "/v1/admin/groups/g:club")
                .header("Tidings-Reason", "spam %26 fraud %E2%9A%A0")
                .DELETE());
        OperatorRequest sent = appended();

        BusinessCommand command = sent.request();
        assertTrue(command.getAsSystem());
        assertEquals("", command.getActor());
        assertEquals("ada", command.getOperator());
        assertEquals("spam & fraud ⚠", command.getReason());
        assertEquals("g:club", command.getGroup().getConversationId());
        assertTrue(command.getGroup().hasDissolve());
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder()
                        .setOrigin(sent.origin())
                        .setSequenced(Sequenced.newBuilder().setSeq(9))));
        assertEquals("{\"seq\":\"9\"}", response.join().body());
    }

    @Test
    void a_refusal_of_the_directory_is_a_problem() {
        CompletableFuture<HttpResponse<String>> response =
                later(put("admin/root", "/v1/admin/users/alice/disabled", ""));
        OperatorRequest sent = appended();

        assertTrue(sent.request().getChangeUsers().getChanges(0).hasDisable());
        gateway.deliver(Delivery.newBuilder()
                .setUserAnswer(UserAnswer.newBuilder()
                        .setOrigin(sent.origin())
                        .setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.USER_NOT_FOUND))));

        assertEquals(404, response.join().statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/admin/bans/users/mallory, '{\"until\":\"2030-01-01T00:00:00Z\"}', 'ban { user_id: \"mallory\" until { seconds: 1893456000 } }'",
        "DELETE, /v1/admin/bans/users/mallory, '', 'unban: \"mallory\"'",
        "PUT, /v1/admin/bans/devices/web-1, '{}', 'ban { device_id: \"web-1\" }'",
        "DELETE, /v1/admin/bans/devices/web-1, '', 'unban_device_ids: \"web-1\"'",
        "PUT, /v1/admin/bans/addresses/192.0.2.0%2F24, '{}', 'ban { address: \"192.0.2.0/24\" }'",
        "DELETE, /v1/admin/bans/addresses/192.0.2.0%2F24, '', 'unban_addresses: \"192.0.2.0/24\"'"
    })
    void a_ban_is_a_change_of_rules(String method, String path, String body, String rules) throws Exception {
        CompletableFuture<HttpResponse<String>> response = later(request("moderator/ada", path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
        OperatorRequest sent = appended();

        assertEquals(TextFormat.parse(rules, RulesCommand.class), sent.request().getRules());
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder().setOrigin(sent.origin()).setApplied(Applied.getDefaultInstance())));
        assertEquals(200, response.join().statusCode());
    }

    @Test
    void the_idempotency_key_is_the_client_message_id_of_a_message_of_the_system() {
        CompletableFuture<HttpResponse<String>> response =
                later(request("admin/root", "/v1/admin/conversations/g:club/messages")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "notice-1")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"content\":{\"text\":{\"body\":\"hello\"}}}")));
        OperatorRequest sent = appended();

        assertEquals("notice-1", sent.request().getSendMessage().getClientMsgId());
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder()
                        .setOrigin(sent.origin())
                        .setSequenced(Sequenced.newBuilder().setSeq(1))));
        assertEquals(200, response.join().statusCode());
    }

    @Test
    void a_ban_without_a_body_is_refused() {
        HttpResponse<String> response = send(put("moderator/ada", "/v1/admin/bans/users/mallory", ""));

        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("the body is missing; it must be the JSON of a Ban"), response::body);
    }

    @Test
    void ending_sessions_writes_the_audit_record_before_the_revocation() {
        gateway.log.waits(true);
        CompletableFuture<HttpResponse<String>> response =
                later(request("support/sue", "/v1/admin/users/alice/sessions").DELETE());
        await().atMost(Duration.ofMinutes(1)).until(() -> !gateway.log.audit().isEmpty());
        AuditRecord record = gateway.log.audit().getFirst();

        assertEquals(
                "token.revoke user:alice sue REQUESTED",
                record.getAction() + ' ' + record.getTarget() + ' ' + record.getOperator() + ' ' + record.getResult());
        assertEquals(List.of(), gateway.log.revocations());
        gateway.log.waits(false);
        gateway.log.confirm();
        assertEquals(200, response.join().statusCode());
        assertEquals("alice", gateway.log.revocations().getFirst().getUserId());
    }

    @Test
    void sessions_do_not_end_without_an_audit_record() {
        gateway.log.fails(true);

        assertEquals(
                503,
                send(request("support/sue", "/v1/admin/users/alice/sessions").DELETE())
                        .statusCode());
        assertEquals(List.of(), gateway.log.revocations());
    }

    @Test
    void bans_are_listed_in_pages_ascending_by_subject() {
        for (String userId : List.of("zoe", "adam", "mia")) {
            gateway.bans.accept(Ban.newBuilder().setUserId(userId).build());
        }

        assertEquals(
                "{\"bans\":[{\"userId\":\"adam\"},{\"userId\":\"mia\"}],\"nextAfter\":\"user:mia\"}",
                get("support/sue", "/v1/admin/bans?limit=2").body());
        assertEquals(
                "{\"bans\":[{\"userId\":\"zoe\"}]}",
                get("support/sue", "/v1/admin/bans?limit=2&after=user:mia").body());
    }

    @Test
    void the_audit_log_is_read_with_filters_and_in_pages() {
        assertEquals(
                "{\"records\":[{\"operator\":\"ada\",\"target\":\"g:club\"}],\"nextCursor\":\"c10\"}",
                get("analyst/ann", "/v1/admin/audit?operator=ada&target=g:club&cursor=c&limit=10")
                        .body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/admin/cases?cursor=nonsense",
                "/v1/admin/audit?limit=101",
                "/v1/admin/bans?limit=1001",
                "/v1/admin/groups/g:a?limit=1001",
                "/v1/admin/bans?colour=red"
            })
    void a_value_that_is_not_allowed_is_rejected(String path) {
        assertEquals(400, get("admin/root", path).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/admin/groups/g:a/members/bob/mute, '{}', the body has no until",
        "/v1/admin/bans/users/a%20b, '{}', userId is",
        "/v1/admin/bans/users/alice, '{\"deviceId\":\"d\"}', the body has deviceId",
        "/v1/admin/bans/users/alice, '{\"until\":\"2020-01-01T00:00:00Z\"}', until of the ban of user:alice is 2020-01-01"
    })
    void a_body_that_is_not_allowed_is_rejected(String path, String body, String detail) {
        HttpResponse<String> response = later(put("admin/root", path, body)).join();

        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains(detail), response::body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%FF", "%0A"})
    void a_reason_that_is_not_text_is_rejected(String reason) {
        assertEquals(
                400,
                send(request("admin/root", "/v1/admin/groups/g:club")
                                .header("Tidings-Reason", reason)
                                .DELETE())
                        .statusCode());
    }

    @Test
    void a_banned_operator_is_rejected() {
        gateway.bans.accept(Ban.newBuilder().setUserId("ada").build());

        assertEquals(403, get("moderator/ada", "/v1/admin/bans").statusCode());
    }

    @Test
    void a_scope_that_does_not_grant_the_permission_is_named_with_those_that_do() {
        HttpResponse<String> response = get("support/sue", "/v1/admin/cases");

        assertEquals(403, response.statusCode());
        assertTrue(
                response.body().contains("READ_CASES; a token with one of the scopes admin, moderator does"),
                response::body);
    }

    private OperatorRequest appended() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.operatorRequests().isEmpty());
        return gateway.log.operatorRequests().getLast();
    }

    private HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(server.uri(path)).header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder put(String token, String path, String body) {
        return request(token, path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> get(String token, String path) {
        return send(request(token, path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return later(request).join();
    }

    private static CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
