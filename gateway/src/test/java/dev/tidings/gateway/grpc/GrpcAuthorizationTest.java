package dev.tidings.gateway.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TestTokens;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TokenRevocation;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The authorization matrix of gRPC: each unary method and the stream with each kind of token, over real gRPC with real tokens. {@code
 * RestAuthorizationTest} and {@code SessionAuthorizationTest} are those of REST and WebSocket.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcAuthorizationTest {

    private static final Set<Scope> PRESENCE = EnumSet.of(Scope.ADMIN, Scope.BUSINESS, Scope.MODERATOR, Scope.SUPPORT);

    /** The scopes that grant each method for operators. All methods for users need the scope user. */
    private static final Map<String, Set<Scope>> OPERATORS = Map.ofEntries(
            Map.entry("SendMessage", EnumSet.of(Scope.ADMIN, Scope.BUSINESS)),
            Map.entry("RecallMessage", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("GetGroup", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("ModerateGroup", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("ChangeUser", EnumSet.of(Scope.ADMIN, Scope.BUSINESS)),
            Map.entry("SetUserDisabled", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("EndSessions", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("ListBans", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("ChangeBans", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("ListRules", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("ChangeRules", EnumSet.of(Scope.ADMIN)),
            Map.entry("GetPresence", PRESENCE),
            Map.entry("ListOnlineMembers", PRESENCE),
            Map.entry("ListRoomUsers", PRESENCE),
            Map.entry("GetOnlineCount", PRESENCE),
            Map.entry("GetHead", PRESENCE),
            Map.entry("ListCases", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("ListAudit", EnumSet.of(Scope.ADMIN, Scope.ANALYST)));

    private final TestTokens tokens = new TestTokens(System::currentTimeMillis);

    /** Replies never come: a call that is carried out times out at once. */
    private final TestGateway gateway = new TestGateway.Builder()
            .authenticator(tokens.authenticator())
            .unaryTimeout(Duration.ZERO)
            .build();

    private final GrpcServer server = new GrpcServer(gateway, gateway.revocations.guard(tokens.authenticator()));
    private final GrpcClient client = new GrpcClient(server.port());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void each_method_is_open_to_the_scopes_of_its_row_and_to_no_others() {
        assertEquals(AdminMethods.ALL.stream().map(UnaryMethod::name).collect(Collectors.toSet()), OPERATORS.keySet());
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> outcomes = new TreeMap<>();
        for (String method : methods()) {
            for (Scope scope : Scope.values()) {
                String cell = method + " with " + scope.claimName();
                expected.put(cell, allowed(method).contains(scope) ? "allowed" : "PERMISSION_DENIED");
                outcomes.put(cell, outcome(method, GrpcClient.bearer(tokens.of(scope))));
            }
        }

        assertEquals(expected, outcomes);
        assertTrue(expected.size() > 200, () -> "cells: " + expected.size());
    }

    @Test
    void no_method_accepts_a_token_that_is_absent_forged_expired_or_revoked() {
        Map<String, String> rejected = tokens.rejected();
        revoke();
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> outcomes = new TreeMap<>();
        for (String method : methods()) {
            rejected.forEach((flaw, token) -> {
                expected.put(method + ": " + flaw, "UNAUTHENTICATED");
                outcomes.put(method + ": " + flaw, outcome(method, GrpcClient.bearer(token)));
            });
            expected.put(method + ": none", "UNAUTHENTICATED");
            outcomes.put(method + ": none", outcome(method, new Metadata()));
        }

        assertEquals(expected, outcomes);
        assertEquals(List.of(), gateway.log.commands());
        assertEquals(List.of(), gateway.log.operatorRequests());
        assertEquals(List.of(), gateway.log.revocations());
    }

    @ParameterizedTest
    @EnumSource
    void only_business_systems_and_admins_act_for_other_users(Scope scope) {
        Metadata headers = GrpcClient.bearer(tokens.of(scope));
        headers.put(CallMetadata.ACTOR, "bob");

        assertEquals(
                scope == Scope.BUSINESS || scope == Scope.ADMIN ? "allowed" : "PERMISSION_DENIED",
                outcome("tidings.v1.Tidings/SendMessage", headers));
    }

    @ParameterizedTest
    @EnumSource
    void only_the_scope_user_opens_a_stream(Scope scope) throws Exception {
        GrpcClient.Stream stream = client.connect();
        stream.send(connect(tokens.of(scope)));

        if (scope == Scope.USER) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.log.userCommands().size() == 1);
            assertEquals("alice", gateway.log.userCommands().getFirst().getUserId());
            stream.cancel();
        } else {
            assertTrue(stream.next().hasError());
            assertEquals(Status.Code.UNAUTHENTICATED, stream.status().getCode());
            assertEquals(List.of(), gateway.log.userCommands());
        }
    }

    @Test
    void no_stream_opens_with_a_token_that_is_forged_expired_or_revoked() throws Exception {
        Map<String, String> tokensByFlaw = tokens.rejected();
        revoke();
        for (Map.Entry<String, String> rejected : tokensByFlaw.entrySet()) {
            GrpcClient.Stream stream = client.connect();
            stream.send(connect(rejected.getValue()));

            ServerFrame first = stream.next();
            assertEquals(
                    rejected.getKey().equals(TestTokens.REVOKED),
                    first.getDisconnect().getCode() == Disconnect.Code.TOKEN_REVOKED,
                    () -> rejected.getKey() + ": " + first);
            assertEquals(Status.Code.UNAUTHENTICATED, stream.status().getCode(), rejected::getKey);
        }
        assertEquals(List.of(), gateway.log.userCommands());
    }

    private void revoke() {
        gateway.revocations.accept(
                TokenRevocation.newBuilder().setUserId(TestTokens.REVOKED).build(), System.currentTimeMillis());
    }

    private static List<String> methods() {
        return Stream.concat(
                        UnaryMethods.ALL.stream().map(method -> "tidings.v1.Tidings/" + method.name()),
                        AdminMethods.ALL.stream().map(method -> "tidings.v1.TidingsAdmin/" + method.name()))
                .toList();
    }

    private static Set<Scope> allowed(String method) {
        String name = method.substring(method.indexOf('/') + 1);
        return method.startsWith("tidings.v1.TidingsAdmin/")
                ? OPERATORS.getOrDefault(name, Set.of())
                : EnumSet.of(Scope.USER);
    }

    private static ClientFrame.Builder connect(String token) {
        return ClientFrame.newBuilder()
                .setId("c")
                .setConnect(Connect.newBuilder().setToken(token).setDeviceId("server"));
    }

    /** Returns the status that denies an empty request, or that it was allowed. */
    private String outcome(String method, Metadata headers) {
        try {
            client.call(method, Marshallers.BYTES, new byte[0], Applied.getDefaultInstance(), headers);
            return "allowed";
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            return code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED
                    ? code.name()
                    : "allowed";
        }
    }
}
