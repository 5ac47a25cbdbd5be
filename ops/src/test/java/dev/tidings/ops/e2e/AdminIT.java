package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Bans;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.ModerationCases;
import dev.tidings.v1.OnlineCount;
import dev.tidings.v1.OnlineMembers;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Room;
import dev.tidings.v1.RoomUsers;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators over REST, on real parts: their acts, the audit log, and what others see of it. */
class AdminIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String mallory = "mallory-" + suffix;
    private final String olga = "olga-" + suffix;
    private final String group = "g:admin-" + suffix;
    private final Client moderator = new Client("ada-" + suffix, Scope.MODERATOR);
    private final Client admin = new Client("root-" + suffix, Scope.ADMIN);
    private final Client owner = new Client(olga, Scope.USER);

    @Test
    void a_ban_ends_the_session_and_is_in_the_audit_log_with_its_operator_and_reason() throws Exception {
        String ban = "/v1/admin/bans/users/" + mallory;
        try (ChatClient banned = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.JSON)) {
            moderator.call("PUT", ban, "{\"until\":\"2100-01-01T00:00:00Z\"}", Applied.getDefaultInstance());

            assertEquals(
                    Disconnect.Code.BANNED,
                    banned.awaitFrame(ServerFrame::hasDisconnect)
                            .getDisconnect()
                            .getCode());
        }
        assertTrue(
                moderator
                        .call("GET", "/v1/admin/bans?after=user:mallory-", "", Bans.getDefaultInstance())
                        .getBansList()
                        .stream()
                        .anyMatch(entry -> entry.getUserId().equals(mallory)));
        moderator.call("DELETE", ban, "", Applied.getDefaultInstance());

        List<AuditRecord> acts = awaitAudit("/v1/admin/audit?target=user:" + mallory, found -> found.size() == 2);
        assertEquals("rules.unban", acts.get(0).getAction());
        AuditRecord banning = acts.get(1);
        assertEquals("rules.ban", banning.getAction());
        assertEquals("rest", banning.getSource());
        assertEquals("ada-" + suffix, banning.getOperator());
        assertEquals("test of " + suffix, banning.getReason());
        assertEquals(AuditRecord.Result.APPLIED, banning.getResult());
        assertTrue(tidings.sql("SELECT acts FROM tidings.audit_by_day(zone = 'UTC') WHERE operator = 'ada-" + suffix
                        + "' AND action = 'rules.ban' AND subject = 'user:" + mallory + "'")
                .startsWith("1"));
    }

    @Test
    void a_moderator_removes_a_member_and_recalls_a_message_of_a_group_without_being_a_member() throws Exception {
        owner.call(
                "POST",
                "/v1/groups?groupId=" + group,
                "{\"profile\":{\"name\":\"Club\"},\"members\":[\"" + mallory + "\"]}",
                Sequenced.getDefaultInstance());
        String word = "zebra" + suffix;
        admin.call(
                "PATCH",
                "/v1/admin/rules",
                "{\"setWords\":[{\"word\":\"" + word + "\",\"action\":\"FLAG\"}]}",
                Applied.getDefaultInstance());
        ModerationCase found = await().atMost(TIMEOUT)
                .until(
                        () -> {
                            owner.call(
                                    "POST",
                                    "/v1/conversations/" + group + "/messages",
                                    "{\"content\":{\"text\":{\"body\":\"a " + word + "\"}}}",
                                    Sequenced.getDefaultInstance());
                            return moderator
                                    .call(
                                            "GET",
                                            "/v1/admin/cases?conversationId=" + group,
                                            "",
                                            ModerationCases.getDefaultInstance())
                                    .getCasesList();
                        },
                        cases -> !cases.isEmpty())
                .getLast();
        assertTrue(
                moderator
                        .call("GET", "/v1/admin/rules?limit=500", "", RulesPage.getDefaultInstance())
                        .getWordsList()
                        .stream()
                        .anyMatch(rule -> rule.getWord().equals(word)));
        assertEquals(olga, found.getSender());
        assertEquals(word, found.getFindings(0).getMatch());

        moderator.call(
                "DELETE",
                "/v1/admin/conversations/" + group + "/messages/" + found.getMessageSeq(),
                "",
                Sequenced.getDefaultInstance());
        moderator.call(
                "DELETE", "/v1/admin/groups/" + group + "/members/" + mallory, "", Sequenced.getDefaultInstance());

        assertEquals(
                1,
                moderator
                        .call("GET", "/v1/admin/groups/" + group, "", GroupDescription.getDefaultInstance())
                        .getMemberCount());
        assertEquals(
                "MESSAGE_NOT_FOUND",
                moderator
                        .problem("DELETE", "/v1/admin/conversations/" + group + "/messages/9999", 404)
                        .getCode());
        List<AuditRecord> acts = awaitAudit("/v1/admin/audit?target=" + group, records -> records.size() == 3);
        assertEquals(
                List.of("REFUSED", "APPLIED", "APPLIED"),
                acts.stream().map(act -> act.getResult().name()).toList());
        assertEquals(List.of(mallory), acts.get(1).getUserIdsList());
    }

    @Test
    void a_user_finds_a_message_by_its_words() throws Exception {
        String word = "giraffe" + suffix;
        owner.call(
                "POST",
                "/v1/conversations/" + ConversationId.between(olga, mallory) + "/messages",
                "{\"content\":{\"text\":{\"body\":\"a " + word + "\"}}}",
                Sequenced.getDefaultInstance());

        SearchResults found = await().atMost(TIMEOUT)
                .until(
                        () -> owner.call(
                                "GET",
                                "/v1/search?sentFrom=2020-01-01T00:00:00Z&limit=1&query=" + word,
                                "",
                                SearchResults.getDefaultInstance()),
                        results -> results.getHitsCount() == 1);
        assertEquals(olga, found.getHits(0).getSender());
    }

    @Test
    void a_user_is_added_disabled_and_logged_out() throws Exception {
        String user = "/v1/admin/users/" + mallory;
        admin.call("PUT", user, "{\"displayName\":\"Mallory\"}", Applied.getDefaultInstance());
        try (ChatClient session = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.JSON)) {
            new Client("sue-" + suffix, Scope.SUPPORT)
                    .call("DELETE", user + "/sessions", "", Applied.getDefaultInstance());

            assertEquals(
                    Disconnect.Code.TOKEN_REVOKED,
                    session.awaitFrame(ServerFrame::hasDisconnect)
                            .getDisconnect()
                            .getCode());
        }
        moderator.call("PUT", user + "/disabled", "", Applied.getDefaultInstance());
        assertEquals(
                "USER_NOT_FOUND",
                moderator
                        .problem("PUT", "/v1/admin/users/nobody-" + suffix + "/disabled", 404)
                        .getCode());
        assertEquals("FORBIDDEN", moderator.problem("PUT", user, 403).getCode());

        assertEquals(
                List.of("user.disable", "token.revoke", "user.put"),
                awaitAudit("/v1/admin/audit?userId=" + mallory, records -> records.size() == 3).stream()
                        .map(AuditRecord::getAction)
                        .toList());
    }

    @Test
    void a_business_system_reads_who_is_online_in_all_in_a_group_and_in_a_room() throws Exception {
        Client crm = new Client("crm-" + suffix, Scope.BUSINESS);
        String lobby = "r:lobby-" + suffix;
        String users = "/v1/admin/rooms/" + lobby + "/users";
        owner.call(
                "POST",
                "/v1/groups?groupId=" + group,
                "{\"profile\":{\"name\":\"Club\"},\"members\":[\"" + mallory + "\"]}",
                Sequenced.getDefaultInstance());
        try (ChatClient online = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.JSON)) {
            online.request(
                    ClientFrame.newBuilder()
                            .setRoom(Room.newBuilder().setConversationId(lobby).setJoin(JoinRoom.getDefaultInstance())),
                    ServerFrame::hasHead);

            Presences presences = crm.call(
                    "GET", "/v1/admin/presence?userIds=" + mallory + ',' + olga, "", Presences.getDefaultInstance());
            assertEquals(
                    List.of(true, false),
                    presences.getPresencesList().stream()
                            .map(Presence::getOnline)
                            .toList());
            OnlineMembers members =
                    crm.call("GET", "/v1/admin/groups/" + group + "/online", "", OnlineMembers.getDefaultInstance());
            assertEquals(2, members.getMemberCount());
            assertEquals(
                    List.of(mallory),
                    members.getPresencesList().stream().map(Presence::getUserId).toList());
            RoomUsers room = await().atMost(TIMEOUT)
                    .until(
                            () -> crm.call("GET", users, "", RoomUsers.getDefaultInstance()),
                            found -> found.getUserIdsCount() > 0);
            assertEquals(List.of(mallory), room.getUserIdsList());
            assertEquals(1, room.getUserCount());
            assertEquals(
                    1,
                    crm.call("GET", "/v1/admin/conversations/" + lobby + "/head", "", HeadNotice.getDefaultInstance())
                            .getOnline());
            await().atMost(TIMEOUT)
                    .until(() -> crm.call("GET", "/v1/admin/online", "", OnlineCount.getDefaultInstance())
                                    .getUsers()
                            > 0);
        }
        await().atMost(TIMEOUT)
                .until(() -> crm.call("GET", users, "", RoomUsers.getDefaultInstance())
                                .getUserIdsCount()
                        == 0);
    }

    /** Returns the acts, newest first, once they are as expected. */
    private List<AuditRecord> awaitAudit(String path, Predicate<List<AuditRecord>> expected) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> admin.call("GET", path, "", AuditPage.getDefaultInstance())
                                .getRecordsList(),
                        expected);
    }

    /** A client with a token of one scope. Every response must be as the OpenAPI document says. */
    private final class Client {

        private final String token;

        Client(String userId, Scope scope) {
            token = tidings.token(userId, scope);
        }

        @SuppressWarnings("unchecked")
        <M extends Message> M call(String method, String path, String json, M type) throws Exception {
            HttpResponse<String> response = send(method, path, json);
            assertEquals(200, response.statusCode(), () -> method + ' ' + path + ": " + response.body());
            return (M)
                    ProtoJson.parse(response.body(), type.newBuilderForType()).build();
        }

        ProblemDetails problem(String method, String path, int status) throws Exception {
            HttpResponse<String> response = send(method, path, "");
            assertEquals(status, response.statusCode(), () -> method + ' ' + path + ": " + response.body());
            return ProtoJson.parse(response.body(), ProblemDetails.newBuilder()).build();
        }

        private HttpResponse<String> send(String method, String path, String json) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(tidings.url() + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Tidings-Reason", "test%20of%20" + suffix)
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
            if (!json.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            new OpenApiValidator(tidings.get("/v1/openapi.json").body())
                    .validate(method, path.split("\\?")[0], response.statusCode(), response.body());
            return response;
        }
    }
}
