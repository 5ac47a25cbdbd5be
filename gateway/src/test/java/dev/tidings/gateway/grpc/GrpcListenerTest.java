package dev.tidings.gateway.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RateLimit;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ChangeGroupRequest;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.CommandOutcome;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.EditMessageRequest;
import dev.tidings.v1.Error;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Events;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.ListConversationsRequest;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.TextContent;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real gRPC; the log is in memory, and each test answers for the topologies. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcListenerTest {

    private static final long SEED = 20261129;

    private static final Send HELLO = Send.newBuilder()
            .setConversationId("p:alice:bob")
            .setClientMsgId("m1")
            .setContent(Content.newBuilder().setText(TextContent.newBuilder().setBody("hello")))
            .build();

    private TestGateway gateway =
            new TestGateway.Builder().authenticator(authenticator()).build();
    private GrpcServer server = new GrpcServer(gateway, authenticator());
    private GrpcClient client = new GrpcClient(server.port());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private void restart(TestGateway other) {
        close();
        gateway = other;
        server = new GrpcServer(gateway, authenticator());
        client = new GrpcClient(server.port());
    }

    /** A token is a user id, or a scope and a user id. */
    private static Authenticator authenticator() {
        return token -> {
            switch (token) {
                case "expired" -> throw new RejectedTokenException(Error.Code.TOKEN_EXPIRED, "the token has expired");
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
    void the_tables_have_the_methods_of_the_services_with_their_types() throws Exception {
        assertEquals(described(ServiceDefinition.USERS), inTable(UnaryMethods.ALL));
        assertEquals(described(ServiceDefinition.OPERATORS), inTable(AdminMethods.ALL));
    }

    private static Set<String> described(ServiceDescriptor service) {
        return service.getMethods().stream()
                .map(method -> method.getName() + ' ' + method.getInputType().getName())
                .filter(method -> !method.equals("Connect ClientFrame"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> inTable(List<UnaryMethod<?>> methods) throws InvalidProtocolBufferException {
        Set<String> inTable = new TreeSet<>();
        for (UnaryMethod<?> method : methods) {
            Message empty = method.parser().parseFrom(new byte[0]);
            inTable.add(method.name() + ' ' + empty.getDescriptorForType().getName());
        }
        return inTable;
    }

    @Test
    void a_message_is_answered_with_its_place_in_the_sequence() {
        CompletableFuture<Sequenced> reply =
                later("SendMessage", HELLO, Sequenced.getDefaultInstance(), GrpcClient.bearer("alice"));
        Command command = appended();

        assertEquals("alice", command.getActor());
        assertEquals("m1", command.getSendMessage().getClientMsgId());
        assertTrue(command.getOrigin().getUnary());
        answer(command, Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(7)));

        assertEquals(Sequenced.newBuilder().setSeq(7).build(), reply.join());
        assertEquals(0, gateway.pending.size());
    }

    @Test
    void a_change_carries_its_operation_id_and_is_answered_with_its_outcome() {
        CompletableFuture<CommandOutcome> reply = later(
                "EditMessage",
                EditMessageRequest.newBuilder()
                        .setOperationId("edit-1")
                        .setEdit(EditMessage.newBuilder()
                                .setConversationId("p:alice:bob")
                                .setSeq(3)
                                .setContent(HELLO.getContent()))
                        .build(),
                CommandOutcome.getDefaultInstance(),
                GrpcClient.bearer("alice"));
        Command command = appended();

        assertEquals("edit-1", command.getOperationId());
        answer(command, Answer.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));

        assertTrue(reply.join().getApplied().getUnchanged());
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_A_MEMBER, PERMISSION_DENIED",
        "MESSAGE_NOT_FOUND, NOT_FOUND",
        "GROUP_EXISTS, ALREADY_EXISTS",
        "GROUP_DISSOLVED, FAILED_PRECONDITION",
        "FLOODING, RESOURCE_EXHAUSTED"
    })
    void a_refusal_is_a_status_with_its_reason(Refusal.Reason reason, Status.Code code) throws Exception {
        CompletableFuture<CommandOutcome> reply = later(
                "ChangeGroup",
                ChangeGroupRequest.newBuilder()
                        .setCommand(GroupCommand.newBuilder()
                                .setConversationId("g:1")
                                .setDissolve(DissolveGroup.getDefaultInstance()))
                        .build(),
                CommandOutcome.getDefaultInstance(),
                GrpcClient.bearer("alice"));
        answer(
                appended(),
                Answer.newBuilder()
                        .setRefusal(Refusal.newBuilder().setReason(reason).setMessage("the reason")));

        StatusRuntimeException status = failureOf(reply);
        assertEquals(code, status.getStatus().getCode());
        assertEquals("the reason", status.getStatus().getDescription());
        assertEquals(reason.name(), info(status).getReason());
        assertEquals("tidings", info(status).getDomain());
    }

    @Test
    void an_unknown_outcome_is_not_repeated_by_libraries() throws Exception {
        gateway.log.waits(true);
        CompletableFuture<Sequenced> reply =
                later("SendMessage", HELLO, Sequenced.getDefaultInstance(), GrpcClient.bearer("alice"));
        appended();
        gateway.log.timeOut();

        StatusRuntimeException status = failureOf(reply);
        assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getStatus().getCode());
        assertEquals(Map.of("outcomeUnknown", "true"), info(status).getMetadataMap());
    }

    @ParameterizedTest
    @CsvSource({
        "expired, UNAUTHENTICATED, TOKEN_EXPIRED",
        "unverified, UNAVAILABLE, UNAVAILABLE",
        "analyst/ann, PERMISSION_DENIED, FORBIDDEN",
        "banned, PERMISSION_DENIED, BANNED",
        "disabled, PERMISSION_DENIED, USER_DISABLED"
    })
    void a_token_that_does_not_grant_the_call_appends_nothing(String token, Status.Code code, String reason)
            throws Exception {
        gateway.bans.accept(Ban.newBuilder().setUserId("banned").build());
        gateway.bans.accept(Ban.newBuilder().setDisabledUserId("disabled").build());

        StatusRuntimeException status = failure("SendMessage", HELLO, Sequenced.getDefaultInstance(), token);

        assertEquals(code, status.getStatus().getCode());
        assertEquals(reason, info(status).getReason());
        assertTrue(gateway.log.commands().isEmpty());
    }

    @Test
    void a_call_without_a_token_is_unauthenticated() throws Exception {
        StatusRuntimeException status = assertThrows(
                StatusRuntimeException.class,
                () -> client.call("SendMessage", HELLO, Sequenced.getDefaultInstance(), new Metadata()));

        assertEquals(Status.Code.UNAUTHENTICATED, status.getStatus().getCode());
        assertEquals("INVALID_TOKEN", info(status).getReason());
    }

    @Test
    void a_business_system_acts_for_a_user_and_a_user_for_no_other() throws Exception {
        Metadata headers = GrpcClient.bearer("business/shop");
        headers.put(CallMetadata.ACTOR, "alice");
        CompletableFuture<Sequenced> reply = later("SendMessage", HELLO, Sequenced.getDefaultInstance(), headers);
        Command command = appended();
        assertEquals("alice", command.getActor());
        answer(command, Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(1)));
        assertEquals(1, reply.join().getSeq());

        Metadata forged = GrpcClient.bearer("mallory");
        forged.put(CallMetadata.ACTOR, "alice");
        StatusRuntimeException status = assertThrows(
                StatusRuntimeException.class,
                () -> client.call("SendMessage", HELLO, Sequenced.getDefaultInstance(), forged));
        assertEquals(Status.Code.PERMISSION_DENIED, status.getStatus().getCode());
        assertEquals(1, gateway.log.commands().size());
    }

    @Test
    void wrong_requests_name_what_is_wrong() {
        StatusRuntimeException malformed = assertThrows(
                StatusRuntimeException.class,
                () -> client.call(
                        "SendMessage",
                        Marshallers.BYTES,
                        new byte[] {10, 99, 1},
                        Sequenced.getDefaultInstance(),
                        GrpcClient.bearer("alice")));
        assertInvalid("the bytes are not a request of SendMessage", malformed);
        assertInvalid(
                "conversationId is \"\"",
                failure("SendMessage", Send.getDefaultInstance(), Sequenced.getDefaultInstance()));
        assertInvalid(
                "limit is 201; 0 to 200 are allowed",
                failure("ListMessages", ReadHistory.newBuilder().setLimit(201).build(), Events.getDefaultInstance()));
        assertInvalid(
                "beforeSeq is 1; it must be at least 2",
                failure(
                        "ListMessages",
                        ReadHistory.newBuilder()
                                .setConversationId("p:alice:bob")
                                .setBeforeSeq(1)
                                .build(),
                        Events.getDefaultInstance()));
        assertInvalid(
                "since is -1",
                failure(
                        "ListConversations",
                        ListConversationsRequest.newBuilder().setSince(-1).build(),
                        SyncPage.getDefaultInstance()));
        assertInvalid(
                "user_ids has 0 entries; 1 to 200 are allowed",
                failure("GetPresence", GetPresenceRequest.getDefaultInstance(), Presences.getDefaultInstance()));
        assertInvalid(
                "call GetGroup",
                failure(
                        "ChangeGroup",
                        ChangeGroupRequest.newBuilder()
                                .setCommand(GroupCommand.newBuilder().setDescribe(DescribeGroup.getDefaultInstance()))
                                .build(),
                        CommandOutcome.getDefaultInstance()));
        assertTrue(gateway.log.commands().isEmpty());
    }

    @Test
    void a_request_above_the_limit_of_bytes_is_rejected() {
        Send large = HELLO.toBuilder()
                .setClientMsgIdBytes(ByteString.copyFrom(new byte[Limits.FRAME]))
                .build();

        StatusRuntimeException status = failure("SendMessage", large, Sequenced.getDefaultInstance());

        assertInvalid("at most 262144 are allowed", status);
        assertTrue(gateway.log.commands().isEmpty());
    }

    @Test
    void a_call_above_a_rate_limit_says_when_to_retry() throws Exception {
        restart(new TestGateway.Builder()
                .rateLimits(
                        new RateLimits(Map.of(), Map.of(LimitedWork.FRAMES, new RateLimit(0.001, 1)), Map.of()),
                        System::nanoTime)
                .build());
        CompletableFuture<Sequenced> first =
                later("SendMessage", HELLO, Sequenced.getDefaultInstance(), GrpcClient.bearer("alice"));
        answer(
                appended(),
                Answer.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(7)));
        first.join();

        StatusRuntimeException status = failure("SendMessage", HELLO, Sequenced.getDefaultInstance());

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getStatus().getCode());
        assertEquals("RATE_LIMITED", info(status).getReason());
        assertTrue(detail(status, RetryInfo.class).getRetryDelay().getSeconds() > 0);
        assertEquals(1, gateway.log.commands().size());
    }

    @Test
    void the_access_check_of_a_read_comes_back_to_this_gateway() {
        later(
                "ListMessages",
                ReadHistory.newBuilder().setConversationId("g:1").build(),
                Events.getDefaultInstance(),
                GrpcClient.bearer("alice"));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.userCommands().isEmpty());
        assertEquals(
                TestGateway.CONFIG.slot(),
                gateway.log
                        .userCommands()
                        .getLast()
                        .getAccessRequest()
                        .getOrigin()
                        .getGatewaySlot());
    }

    @Test
    void a_stream_has_a_session() throws Exception {
        GrpcClient.Stream stream = client.connect();
        String sessionId = connect(stream, "alice");

        gateway.deliver(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().addSessionIds(sessionId).setEvent(message(1, "hello"))));
        ServerFrame delivered = stream.next();
        assertEquals(1, delivered.getEvents().getDeliverySeq());
        assertEquals(message(1, "hello"), delivered.getEvents().getEvents(0));

        stream.send(ClientFrame.newBuilder().setId("h").setHeartbeat(Heartbeat.getDefaultInstance()));
        assertEquals("h", stream.next().getId());
        stream.send(ClientFrame.newBuilder().setId("empty"));
        assertEquals(Error.Code.INVALID_FRAME, stream.next().getError().getCode());

        stream.halfClose();
        assertEquals(Status.Code.OK, stream.status().getCode());
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
    }

    @Test
    void a_cancelled_stream_closes_its_session() throws Exception {
        GrpcClient.Stream stream = client.connect();
        connect(stream, "alice");

        stream.cancel();

        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        assertTrue(gateway.log.userCommands().getLast().hasCloseSession());
    }

    @Test
    void a_stream_with_a_wrong_token_ends_unauthenticated() throws Exception {
        GrpcClient.Stream stream = client.connect();
        stream.send(connectFrame("expired"));

        assertEquals(Error.Code.TOKEN_EXPIRED, stream.next().getError().getCode());
        assertEquals(
                Disconnect.Code.INVALID_TOKEN, stream.next().getDisconnect().getCode());
        Status status = stream.status();
        assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
        assertEquals(
                "INVALID_TOKEN",
                info(status.asRuntimeException(stream.trailers())).getReason());
    }

    @Test
    void a_frame_that_is_too_large_ends_the_stream_and_no_other() throws Exception {
        GrpcClient.Stream other = client.connect();
        connect(other, "bob");
        GrpcClient.Stream stream = client.connect();
        stream.send(ClientFrame.newBuilder().setIdBytes(ByteString.copyFrom(new byte[Limits.FRAME_BEFORE_CONNECTED])));

        assertEquals(Error.Code.INVALID_FRAME, stream.next().getError().getCode());
        assertEquals(
                Disconnect.Code.FRAME_TOO_LARGE, stream.next().getDisconnect().getCode());
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, stream.status().getCode());

        GrpcClient.Stream larger = client.connect();
        connect(larger, "carol");
        larger.send(ClientFrame.newBuilder().setIdBytes(ByteString.copyFrom(new byte[2 * Limits.FRAME])));
        assertEquals(Error.Code.INVALID_FRAME, larger.next().getError().getCode());
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, larger.status().getCode());

        other.send(ClientFrame.newBuilder().setId("h").setHeartbeat(Heartbeat.getDefaultInstance()));
        assertEquals("h", other.next().getId());
        other.cancel();
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        assertEquals(0, gateway.budget.heldBytes());
    }

    @Test
    void a_half_received_frame_counts_until_its_connection_ends() throws Exception {
        try (HalfSentFrame ignored = new HalfSentFrame(server.listener.port(), 10_000, 4_000)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 4_000);
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        assertEquals(0, gateway.budget.heldBytes());
    }

    @Test
    void each_frame_of_random_bytes_is_answered() throws Exception {
        GrpcClient.Stream stream = client.connect();
        Random random = new Random(SEED);

        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            stream.send(bytes);
            ServerFrame answer = stream.next();
            assertTrue(answer.hasError() || answer.hasHeartbeat(), () -> "seed " + SEED + ": " + answer);
        }

        connect(stream, "alice");
    }

    @Test
    void a_client_that_does_not_read_is_disconnected_and_its_memory_is_free() throws Exception {
        GrpcClient.Stream stream = client.connect();
        String sessionId = connect(stream, "alice");
        String text = "x".repeat(50_000);

        for (int seq = 1; seq <= 60; seq++) {
            gateway.deliver(Delivery.newBuilder()
                    .setEvent(
                            EventDelivery.newBuilder().addSessionIds(sessionId).setEvent(message(seq, text))));
        }
        // the session's limit is 1 MB; what is left takes the last frame once the client reads on
        Status status = stream.status();

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode());
        assertEquals(
                "SLOW_CONSUMER",
                info(status.asRuntimeException(stream.trailers())).getReason());
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 0);
    }

    @Test
    void a_drained_gateway_sends_streams_away_and_takes_no_calls() throws Exception {
        GrpcClient.Stream stream = client.connect();
        connect(stream, "alice");

        gateway.sessions.drain();

        assertEquals(Disconnect.Code.DRAINING, stream.next().getDisconnect().getCode());
        assertEquals(Status.Code.UNAVAILABLE, stream.status().getCode());
        assertEquals(
                Status.Code.UNAVAILABLE,
                failure("SendMessage", HELLO, Sequenced.getDefaultInstance())
                        .getStatus()
                        .getCode());
    }

    @Test
    void the_health_service_follows_readiness() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
        HealthCheckRequest request =
                HealthCheckRequest.newBuilder().setService("tidings.v1.Tidings").build();
        await().atMost(Duration.ofMinutes(1)).until(() -> health.check(request).getStatus() == ServingStatus.SERVING);

        server.missing.add("Kafka does not answer");
        server.listener.reportHealth();

        await().atMost(Duration.ofMinutes(1))
                .until(() -> health.check(request).getStatus() == ServingStatus.NOT_SERVING);
        assertEquals(
                ServingStatus.NOT_SERVING,
                health.check(HealthCheckRequest.getDefaultInstance()).getStatus());
    }

    @Test
    void the_reflection_service_describes_the_service() throws Exception {
        CompletableFuture<ServerReflectionResponse> files = new CompletableFuture<>();
        CompletableFuture<ServerReflectionResponse> services = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(client.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        (response.hasListServicesResponse() ? services : files).complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        files.completeExceptionally(failure);
                        services.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        // both responses have come
                    }
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("tidings.v1.Tidings.SendMessage")
                .build());

        assertEquals(
                Set.of(
                        "tidings.v1.Tidings",
                        "tidings.v1.TidingsAdmin",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection"),
                services.join().getListServicesResponse().getServiceList().stream()
                        .map(service -> service.getName())
                        .collect(Collectors.toSet()));
        assertTrue(files.join().getFileDescriptorResponse().getFileDescriptorProtoList().stream()
                .anyMatch(file -> file.toStringUtf8().contains("tidings/v1/service.proto")));
        requests.onCompleted();
    }

    private String connect(GrpcClient.Stream stream, String userId) throws InterruptedException {
        int before = gateway.log.userCommands().size();
        stream.send(connectFrame(userId));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> gateway.log.userCommands().size() > before);
        String sessionId = gateway.log
                .userCommands()
                .getLast()
                .getOpenSession()
                .getSession()
                .getSessionId();
        gateway.deliver(
                Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(sessionId)));
        ServerFrame connected = stream.next();
        assertEquals(userId, connected.getConnected().getUserId());
        assertFalse(connected.getConnected().getResumed());
        return sessionId;
    }

    private static ClientFrame.Builder connectFrame(String token) {
        return ClientFrame.newBuilder()
                .setId("c")
                .setConnect(Connect.newBuilder().setToken(token).setDeviceId("server"));
    }

    private static ConversationEvent message(long seq, String text) {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setSender("bob")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody(text))))
                .build();
    }

    private Command appended() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !gateway.log.commands().isEmpty());
        return gateway.log.commands().getLast();
    }

    private void answer(Command command, Answer.Builder answer) {
        gateway.deliver(Delivery.newBuilder().setAnswer(answer.setOrigin(command.getOrigin())));
    }

    private <R extends Message> CompletableFuture<R> later(String method, Message request, R reply, Metadata headers) {
        return CompletableFuture.supplyAsync(() -> client.call(method, request, reply, headers), server.blocking);
    }

    private StatusRuntimeException failure(String method, Message request, Message reply) {
        return failure(method, request, reply, "alice");
    }

    private StatusRuntimeException failure(String method, Message request, Message reply, String token) {
        return assertThrows(
                StatusRuntimeException.class, () -> client.call(method, request, reply, GrpcClient.bearer(token)));
    }

    private static StatusRuntimeException failureOf(CompletableFuture<?> reply) {
        Throwable failure = assertThrows(CompletionException.class, reply::join);
        return assertInstanceOf(StatusRuntimeException.class, failure.getCause());
    }

    private static void assertInvalid(String part, StatusRuntimeException status) {
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getStatus().getCode(), status::toString);
        assertTrue(String.valueOf(status.getStatus().getDescription()).contains(part), status::toString);
    }

    private static ErrorInfo info(StatusRuntimeException status) throws InvalidProtocolBufferException {
        return detail(status, ErrorInfo.class);
    }

    private static <T extends Message> T detail(StatusRuntimeException status, Class<T> type)
            throws InvalidProtocolBufferException {
        var details = StatusProto.fromThrowable(status);
        for (var detail : details.getDetailsList()) {
            if (detail.is(type)) {
                return detail.unpack(type);
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " in " + details);
    }
}
