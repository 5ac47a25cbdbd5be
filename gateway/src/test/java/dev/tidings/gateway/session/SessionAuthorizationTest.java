package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The authorization matrix of WebSocket sessions: each frame without a session, and connect with each scope. */
class SessionAuthorizationTest {

    @ParameterizedTest
    @EnumSource(
            value = ClientFrame.BodyCase.class,
            names = {"CONNECT", "BODY_NOT_SET"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_frame_before_connect_has_no_effect(ClientFrame.BodyCase body) {
        TestGateway gateway = new TestGateway.Builder().build();
        FakeTransport transport = new FakeTransport();
        ClientSession session = gateway.session(transport);
        gateway.sessions.connected(session);
        FieldDescriptor field = ClientFrame.getDescriptor().findFieldByNumber(body.getNumber());
        ClientFrame.Builder frame = ClientFrame.newBuilder().setId("1");

        session.onText(ProtoJson.print(
                frame.setField(field, frame.newBuilderForField(field).build())));

        List<ServerFrame> received = transport.received();
        assertTrue(
                received.stream()
                        .allMatch(reply ->
                                reply.hasHeartbeat() || reply.getError().getCode() == Error.Code.NOT_CONNECTED),
                received::toString);
        assertEquals(List.of(), gateway.log.commands());
        assertEquals(List.of(), gateway.log.userCommands());
    }

    @ParameterizedTest
    @EnumSource
    void only_the_scope_user_opens_a_session(Scope scope) {
        TestGateway gateway = new TestGateway.Builder()
                .authenticator(token -> new Principal(token, EnumSet.of(scope), "", "", 0, Principal.NEVER))
                .build();
        FakeTransport transport = new FakeTransport();

        gateway.sendConnect(gateway.session(transport), "alice");

        assertEquals(scope == Scope.USER ? 1 : 0, gateway.log.userCommands().size());
        if (scope != Scope.USER) {
            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    transport.received().getFirst().getError().getCode());
        }
    }
}
