package dev.tidings.gateway.rest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.log.RecordedLog.OperatorRequest;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.gateway.room.RoomUserPages;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Member;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RoomUsers;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
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

/** Real HTTP; the log and the store of rooms are in memory, and each test answers for the topologies. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresenceRoutesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Authenticator AUTHENTICATOR =
            token -> new Principal("crm", Scope.parse("business"), "", "", 0, Principal.NEVER);

    /** Answers with its own arguments, so that a test sees them; the room r:down is in a store that does not answer. */
    private static final RoomUserPages ROOMS = (roomId, afterUserId, limit) -> {
        if (roomId.equals("r:down")) {
            throw new ReadModelUnavailableException("Redis does not answer");
        }
        return RoomUsers.newBuilder()
                .addUserIds(roomId + '+' + afterUserId)
                .setUserCount(limit)
                .build();
    };

    private final TestGateway gateway = new TestGateway.Builder().rooms(ROOMS).build();
    private final RestServer server = new RestServer(gateway, AUTHENTICATOR);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void presence_comes_in_the_order_of_the_request_whatever_users_show_to_others() {
        CompletableFuture<HttpResponse<String>> response = get("/v1/admin/presence?userIds=bob,alice,bob");
        List<UserCommand> commands = userCommands(2);

        assertEquals(
                List.of("bob", "alice"),
                commands.stream().map(UserCommand::getUserId).toList());
        for (UserCommand command : commands) {
            assertEquals(
                    WatchPresence.Visibility.SYSTEM, command.getWatchPresence().getVisibility());
            assertEquals(WatchPresence.Mode.ONCE, command.getWatchPresence().getMode());
            assertEquals("", command.getWatchPresence().getWatcherUserId());
        }
        answer(commands.get(1), false);
        answer(commands.get(0), true);
        assertEquals(
                "{\"presences\":[{\"userId\":\"bob\",\"online\":true},{\"userId\":\"alice\"}]}",
                response.join().body());
    }

    @Test
    void the_online_members_of_a_page_have_the_cursor_of_the_next_page() {
        CompletableFuture<HttpResponse<String>> response = get("/v1/admin/groups/g:club/online?after=a&limit=3");
        OperatorRequest describe = operatorRequest();
        assertEquals("a", describe.request().getGroup().getDescribe().getAfterUserId());
        assertEquals(3, describe.request().getGroup().getDescribe().getLimit());
        deliver(
                describe,
                answer -> answer.setGroup(GroupDescription.newBuilder()
                        .setMemberCount(70_000)
                        .addMembers(Member.newBuilder().setUserId("b"))
                        .addMembers(Member.newBuilder().setUserId("c"))
                        .addMembers(Member.newBuilder().setUserId("d"))
                        .setMoreMembers(true)));
        List<UserCommand> commands = userCommands(3);
        answer(commands.get(0), false);
        answer(commands.get(1), true);
        answer(commands.get(2), false);

        assertEquals(
                "{\"presences\":[{\"userId\":\"c\",\"online\":true}],\"memberCount\":70000,\"nextAfterUserId\":\"d\"}",
                response.join().body());
    }

    @Test
    void a_group_that_does_not_exist_is_a_problem_and_no_presence_is_read() {
        CompletableFuture<HttpResponse<String>> response = get("/v1/admin/groups/g:none/online");
        deliver(
                operatorRequest(),
                answer -> answer.setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.CONVERSATION_NOT_FOUND)));

        assertEquals(404, response.join().statusCode());
        assertEquals(List.of(), gateway.log.userCommands());
    }

    @Test
    void users_of_a_room_are_read_in_pages() {
        assertEquals(
                "{\"userIds\":[\"r:lobby+bob\"],\"userCount\":7}",
                get("/v1/admin/rooms/r:lobby/users?after=bob&limit=7").join().body());
    }

    @Test
    void a_store_of_rooms_that_does_not_answer_is_unavailable_for_a_while() {
        HttpResponse<String> response = get("/v1/admin/rooms/r:down/users").join();

        assertEquals(503, response.statusCode());
        assertTrue(response.body().contains("\"retryable\":true"), response::body);
    }

    @Test
    void online_users_are_counted_from_the_heartbeats_of_all_gateways() {
        gateway.beats.add(GatewayBeat.newBuilder().setUsers(40).setSessions(50).build());
        gateway.beats.add(GatewayBeat.newBuilder().setUsers(2).setSessions(3).build());

        assertEquals(
                "{\"users\":\"42\",\"connections\":\"53\",\"gateways\":2}",
                get("/v1/admin/online").join().body());
    }

    @Test
    void the_head_of_a_room_has_its_position_and_its_sessions() {
        CompletableFuture<HttpResponse<String>> response = get("/v1/admin/conversations/r:lobby/head");
        OperatorRequest query = operatorRequest();
        assertEquals("r:lobby", query.request().getReadHead().getConversationId());
        assertTrue(query.request().getAsSystem());
        deliver(
                query,
                answer -> answer.setHead(HeadNotice.newBuilder()
                        .setConversationId("r:lobby")
                        .setLastSeq(9)
                        .setOnline(3)));

        assertEquals(
                "{\"conversationId\":\"r:lobby\",\"lastSeq\":\"9\",\"online\":3}",
                response.join().body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/admin/presence | userIds is absent",
                "/v1/admin/presence?userIds=a%20b | a user id must match",
                "/v1/admin/groups/g:a/online?limit=201 | 1 to 200 is allowed",
                "/v1/admin/rooms/g:a/users | the room is",
                "/v1/admin/rooms/r:a/users?limit=1001 | 1 to 1000 is allowed"
            })
    void a_value_that_is_not_allowed_is_rejected(String path, String detail) {
        HttpResponse<String> response = get(path).join();

        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains(detail), response::body);
    }

    private interface Outcome {
        void set(Answer.Builder answer);
    }

    private void deliver(OperatorRequest request, Outcome outcome) {
        Answer.Builder answer = Answer.newBuilder().setOrigin(request.origin());
        outcome.set(answer);
        gateway.deliver(Delivery.newBuilder().setAnswer(answer));
    }

    private void answer(UserCommand command, boolean isOnline) {
        gateway.deliver(Delivery.newBuilder()
                .setPresence(PresenceDelivery.newBuilder()
                        .setOrigin(command.getWatchPresence().getOrigin())
                        .setPresence(Presence.newBuilder()
                                .setUserId(command.getUserId())
                                .setOnline(isOnline))));
    }

    private List<UserCommand> userCommands(int count) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> gateway.log.userCommands().size() == count);
        return gateway.log.userCommands();
    }

    private OperatorRequest operatorRequest() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.operatorRequests().isEmpty());
        return gateway.log.operatorRequests().getLast();
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return HTTP.sendAsync(
                HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Bearer token")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
