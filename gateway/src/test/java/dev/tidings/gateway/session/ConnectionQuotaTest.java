package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.limit.ConnectionQuota;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All clients of these tests have one address. */
class ConnectionQuotaTest {

    private final FakeTransport first = new FakeTransport();
    private final FakeTransport second = new FakeTransport();
    private final FakeTransport third = new FakeTransport();

    @Test
    void a_socket_above_the_quota_of_its_address_ends_before_it_connects_with_advice_to_come_back() {
        TestGateway gateway = gateway(new ConnectionQuota(10, 2, 10));
        ClientSession open = gateway.session(first);
        gateway.open(open, first, "anna");
        gateway.open(gateway.session(second), second, "bert");
        int before = gateway.log.userCommands().size();

        gateway.sessions.connected(gateway.session(third));

        assertRejected(third);
        assertEquals(before, gateway.log.userCommands().size());
        open.onClosed();
        FakeTransport fourth = new FakeTransport();
        gateway.open(gateway.session(fourth), fourth, "carl");
        assertNull(fourth.closed());
    }

    @Test
    void sockets_that_never_connect_use_up_the_quota_of_handshakes_until_they_end() {
        TestGateway gateway = gateway(new ConnectionQuota(10, 10, 1));
        ClientSession silent = gateway.session(first);
        gateway.sessions.connected(silent);
        gateway.sessions.connected(gateway.session(second));
        assertRejected(second);

        silent.tick(System.nanoTime() + SessionConfig.CONNECT_TIMEOUT.toNanos() + 1);

        gateway.open(gateway.session(third), third, "anna");
        FakeTransport fourth = new FakeTransport();
        gateway.open(gateway.session(fourth), fourth, "bert");
        assertNull(fourth.closed(), "an open session is no handshake");
    }

    @Test
    void a_session_above_the_quota_of_its_user_is_not_opened() {
        TestGateway gateway = gateway(new ConnectionQuota(1, 10, 10));
        ClientSession open = gateway.session(first);
        gateway.open(open, first, "anna");

        gateway.sendConnect(gateway.session(second), "anna");

        assertRejected(second);
        assertEquals(0, gateway.admission.opening());
        gateway.open(gateway.session(third), third, "bert");
        open.onClosed();
        FakeTransport fourth = new FakeTransport();
        gateway.open(gateway.session(fourth), fourth, "anna");
        assertNull(fourth.closed());
    }

    private static void assertRejected(FakeTransport transport) {
        List<ServerFrame> received = transport.received();
        Error error = received.getFirst().getError();
        assertEquals(Error.Code.RATE_LIMITED, error.getCode());
        assertTrue(error.getMessage().startsWith("too many connections of the "), error::getMessage);
        Disconnect disconnect = received.getLast().getDisconnect();
        assertEquals(Disconnect.Code.TOO_MANY_CONNECTIONS, disconnect.getCode());
        assertTrue(disconnect.getReconnect() && disconnect.getAfterMs() > 0 && disconnect.getJitterMs() > 0);
        assertEquals(CloseReason.TOO_MANY_CONNECTIONS, transport.closed());
    }

    private static TestGateway gateway(ConnectionQuota quota) {
        return new TestGateway.Builder().connectionQuota(quota).build();
    }
}
