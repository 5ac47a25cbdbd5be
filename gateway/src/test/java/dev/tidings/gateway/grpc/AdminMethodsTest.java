package dev.tidings.gateway.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.log.RecordedLog.OperatorRequest;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Bans;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.ChangeBansRequest;
import dev.tidings.v1.CommandOutcome;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EndSessionsRequest;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GetOnlineCountRequest;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.ListBansRequest;
import dev.tidings.v1.ListOnlineMembersRequest;
import dev.tidings.v1.ListRoomUsersRequest;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.OnlineCount;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.SetUserDisabledRequest;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.WatchPresence;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real gRPC; the log is in memory, and each test answers for the topologies. A token is a scope and a user id. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminMethodsTest {

    private static final Authenticator AUTHENTICATOR = token -> {
        String[] parts = token.split("/", 2);
        return new Principal(parts[1], Scope.parse(parts[0]), "", "", 0, Principal.NEVER);
    };

    private static final GroupCommand DISSOLVE = GroupCommand.newBuilder()
            .setConversationId("g:club")
            .setDissolve(DissolveGroup.getDefaultInstance())
            .build();

    private final TestGateway gateway = new TestGateway.Builder().build();
    private final GrpcServer server = new GrpcServer(gateway, AUTHENTICATOR);
    private final GrpcClient client = new GrpcClient(server.port());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void a_change_is_a_request_as_system_that_names_the_operator_and_the_reason() {
        Metadata headers = GrpcClient.bearer("moderator/ada");
        headers.put(CallMetadata.REASON, "spam %26 fraud %E2%9A%A0");
        CompletableFuture<CommandOutcome> reply =
                later("ModerateGroup", DISSOLVE, CommandOutcome.getDefaultInstance(), headers);
        OperatorRequest sent = appended();

        BusinessCommand command = sent.request();
        assertTrue(command.getAsSystem());
        assertEquals("", command.getActor());
        assertEquals("ada", command.getOperator());
        assertEquals("spam & fraud ⚠", command.getReason());
        assertEquals(DISSOLVE, command.getGroup());
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder()
                        .setOrigin(sent.origin())
                        .setSequenced(Sequenced.newBuilder().setSeq(9))));
        assertEquals(9, reply.join().getSequenced().getSeq());
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(
                        "ChangeBans",
                        ChangeBansRequest.newBuilder()
                                .addBan(Ban.newBuilder().setUserId("mallory"))
                                .addUnbanDeviceIds("web-1")
                                .build(),
                        "rules { ban { user_id: 'mallory' } unban_device_ids: 'web-1' }"),
                Arguments.of(
                        "SetUserDisabled",
                        SetUserDisabledRequest.newBuilder()
                                .setUserId("bob")
                                .setDisabled(true)
                                .build(),
                        "change_users { changes { user_id: 'bob' disable {} } }"),
                Arguments.of(
                        "SetUserDisabled",
                        SetUserDisabledRequest.newBuilder().setUserId("bob").build(),
                        "change_users { changes { user_id: 'bob' enable {} } }"),
                Arguments.of("ListRules", ListRules.newBuilder().setLimit(7).build(), "rules { list { limit: 7 } }"),
                Arguments.of(
                        "GetHead",
                        ReadHead.newBuilder().setConversationId("r:lobby").build(),
                        "read_head { conversation_id: 'r:lobby' }"),
                Arguments.of(
                        "ListOnlineMembers",
                        ListOnlineMembersRequest.newBuilder()
                                .setConversationId("g:club")
                                .setAfterUserId("bob")
                                .build(),
                        "group { conversation_id: 'g:club' describe { after_user_id: 'bob' limit: 100 } }"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_method_is_this_command(String method, Message request, String command) throws Exception {
        CompletableFuture<Applied> reply =
                later(method, request, Applied.getDefaultInstance(), GrpcClient.bearer("admin/root"));
        OperatorRequest sent = appended();

        assertEquals(
                TextFormat.parse(command, BusinessCommand.class),
                sent.request().toBuilder()
                        .clearRequestId()
                        .clearAsSystem()
                        .clearOperator()
                        .build());
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder()
                        .setOrigin(sent.origin())
                        .setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.NOT_ALLOWED))));
        reply.exceptionally(refused -> Applied.getDefaultInstance()).join();
    }

    static Stream<Arguments> wrongRequests() {
        return Stream.of(
                Arguments.of(
                        "ModerateGroup",
                        GroupCommand.newBuilder()
                                .setConversationId("g:club")
                                .setCreate(CreateGroup.getDefaultInstance())
                                .build(),
                        "the command is CREATE; DISSOLVE, REMOVE_MEMBERS, "),
                Arguments.of(
                        "ChangeUser",
                        UserChange.newBuilder()
                                .setUserId("bob")
                                .setDisable(DisableUser.getDefaultInstance())
                                .build(),
                        "the change is DISABLE; PUT and PATCH are allowed"),
                Arguments.of(
                        "ChangeRules",
                        RulesCommand.newBuilder()
                                .setList(ListRules.getDefaultInstance())
                                .build(),
                        "call ListRules"),
                Arguments.of(
                        "EndSessions",
                        EndSessionsRequest.newBuilder().setUserId("a b").build(),
                        "user_id is \"a b\"; it must match"),
                Arguments.of(
                        "GetPresence",
                        GetPresenceRequest.getDefaultInstance(),
                        "user_ids has 0 entries; 1 to 200 are allowed"),
                Arguments.of(
                        "ListRoomUsers",
                        ListRoomUsersRequest.newBuilder()
                                .setConversationId("g:club")
                                .build(),
                        "the room is \"g:club\"; r:<id> is allowed"),
                Arguments.of(
                        "ListBans",
                        ListBansRequest.newBuilder().setLimit(1_001).build(),
                        "limit is 1001; 0 to 1000 is allowed"));
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void a_value_that_is_not_allowed_is_rejected(String method, Message request, String description) {
        StatusRuntimeException status = assertThrows(
                StatusRuntimeException.class,
                () -> client.call(
                        "tidings.v1.TidingsAdmin/" + method,
                        request,
                        Applied.getDefaultInstance(),
                        GrpcClient.bearer("admin/root")));

        assertEquals(Status.Code.INVALID_ARGUMENT, status.getStatus().getCode());
        assertTrue(String.valueOf(status.getStatus().getDescription()).contains(description), status::toString);
        assertEquals(List.of(), gateway.log.operatorRequests());
    }

    @Test
    void ending_sessions_writes_the_audit_record_and_the_revocation() {
        client.call(
                "tidings.v1.TidingsAdmin/EndSessions",
                EndSessionsRequest.newBuilder().setUserId("alice").build(),
                Applied.getDefaultInstance(),
                GrpcClient.bearer("support/sue"));

        assertEquals("sue", gateway.log.audit().getFirst().getOperator());
        assertEquals("alice", gateway.log.revocations().getFirst().getUserId());
    }

    @Test
    void bans_are_listed_in_pages_ascending_by_subject() {
        for (String userId : List.of("zoe", "adam", "mia")) {
            gateway.bans.accept(Ban.newBuilder().setUserId(userId).build());
        }

        Bans bans = client.call(
                "tidings.v1.TidingsAdmin/ListBans",
                ListBansRequest.newBuilder().setLimit(2).build(),
                Bans.getDefaultInstance(),
                GrpcClient.bearer("support/sue"));

        assertEquals(
                List.of("adam", "mia"),
                bans.getBansList().stream().map(Ban::getUserId).toList());
        assertEquals("user:mia", bans.getNextAfter());
    }

    @Test
    void presence_is_read_as_the_system() {
        CompletableFuture<Presences> reply = later(
                "GetPresence",
                GetPresenceRequest.newBuilder().addUserIds("bob").build(),
                Presences.getDefaultInstance(),
                GrpcClient.bearer("business/crm"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.userCommands().isEmpty());
        WatchPresence query = gateway.log.userCommands().getFirst().getWatchPresence();

        assertEquals(WatchPresence.Visibility.SYSTEM, query.getVisibility());
        gateway.deliver(Delivery.newBuilder()
                .setPresence(PresenceDelivery.newBuilder()
                        .setOrigin(query.getOrigin())
                        .setPresence(Presence.newBuilder().setUserId("bob").setOnline(true))));
        assertTrue(reply.join().getPresences(0).getOnline());
    }

    @Test
    void online_users_are_counted_from_heartbeats() {
        gateway.beats.add(GatewayBeat.newBuilder().setUsers(40).setSessions(50).build());

        OnlineCount count = client.call(
                "tidings.v1.TidingsAdmin/GetOnlineCount",
                GetOnlineCountRequest.getDefaultInstance(),
                OnlineCount.getDefaultInstance(),
                GrpcClient.bearer("support/sue"));

        assertEquals(40, count.getUsers());
        assertEquals(50, count.getConnections());
    }

    private OperatorRequest appended() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.operatorRequests().isEmpty());
        return gateway.log.operatorRequests().getLast();
    }

    private <R extends Message> CompletableFuture<R> later(String method, Message request, R reply, Metadata headers) {
        return CompletableFuture.supplyAsync(
                () -> client.call("tidings.v1.TidingsAdmin/" + method, request, reply, headers), server.blocking);
    }
}
