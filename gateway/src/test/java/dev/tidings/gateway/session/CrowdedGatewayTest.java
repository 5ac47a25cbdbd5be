package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connects to a gateway at which one session may be opening at a time. */
class CrowdedGatewayTest {

    /** At a rate of one a second three may be queued. */
    private final TestGateway gateway = new TestGateway.Builder()
            .maxOpening(1)
            .reconnectRate(1)
            .authenticator(CrowdedGatewayTest::authenticate)
            .build();

    private final RecordedLog log = gateway.log;
    private final ConnectAdmission admission = gateway.admission;

    @Test
    void a_session_opens_when_the_one_before_it_is_open() {
        Client alice = new Client("alice");
        Client bob = new Client("bob");
        assertEquals(List.of("alice"), opened());

        ready("alice");

        assertEquals(List.of("alice", "bob"), opened());
        ready("bob");
        assertTrue(alice.received().getLast().hasConnected());
        assertTrue(bob.received().getLast().hasConnected());
        assertEquals(0, admission.opening());
    }

    @Test
    void a_session_opens_when_the_one_before_it_is_gone() {
        Client alice = new Client("alice");
        new Client("bob");

        alice.session.onClosed();

        assertEquals(List.of("alice", "bob"), opened());
    }

    @Test
    void a_session_opens_when_the_one_before_it_is_rejected() {
        Client stranger = new Client("stranger");

        new Client("bob");

        List<ServerFrame> received = stranger.received();
        assertEquals(Error.Code.INVALID_TOKEN, received.getFirst().getError().getCode());
        assertEquals(
                Disconnect.Code.INVALID_TOKEN,
                received.getLast().getDisconnect().getCode());
        assertFalse(received.getLast().getDisconnect().getReconnect());
        assertEquals(List.of("bob"), opened());
    }

    @Test
    void a_client_that_leaves_the_queue_never_opens() {
        new Client("alice");
        Client bob = new Client("bob");
        new Client("carol");

        bob.session.onClosed();
        ready("alice");

        assertEquals(List.of("alice", "carol"), opened());
    }

    @Test
    void a_client_that_is_queued_too_long_gets_a_retryable_error() {
        new Client("alice");
        Client bob = new Client("bob");

        bob.session.tick(System.nanoTime() + SessionConfig.OPEN_TIMEOUT.toNanos() + 1);

        Error error = bob.received().getFirst().getError();
        assertEquals(Error.Code.UNAVAILABLE, error.getCode());
        assertTrue(error.getRetryable());
        assertEquals(CloseReason.UNAVAILABLE, bob.transport.closed());
    }

    @Test
    void a_client_that_finds_the_queue_full_gets_a_time_to_retry_after_and_nothing_is_appended() {
        new Client("alice");
        List.of("bob", "carol", "dave").forEach(Client::new);

        Client erin = new Client("erin");

        Disconnect disconnect = erin.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.OVERLOADED, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(3_000, disconnect.getAfterMs());
        assertTrue(disconnect.getJitterMs() > 0);
        assertEquals(CloseReason.UNAVAILABLE, erin.transport.closed());
        assertFalse(opened().contains("erin"));
        erin.session.onClosed();
        assertEquals(3, admission.queued());
    }

    @Test
    void a_draining_gateway_empties_the_queue() {
        new Client("alice");
        Client bob = new Client("bob");

        gateway.sessions.drain();

        assertEquals(
                Disconnect.Code.DRAINING,
                bob.received().getLast().getDisconnect().getCode());
        assertEquals(0, admission.opening() + admission.queued());
        assertFalse(opened().contains("bob"));
    }

    @Test
    void a_gateway_whose_heap_is_full_rejects_new_sessions_and_keeps_the_open_ones() {
        Client alice = new Client("alice");
        ready("alice");
        gateway.setLiveShare(0.9);

        Client bob = new Client("bob");

        Disconnect disconnect = bob.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.OVERLOADED, disconnect.getCode());
        assertTrue(disconnect.getReconnect() && disconnect.getAfterMs() > 0 && disconnect.getJitterMs() > 0);
        assertEquals(List.of("alice"), opened());
        assertNull(alice.transport.closed());
        gateway.setLiveShare(0.5);
        new Client("carol");
        assertEquals(List.of("alice", "carol"), opened());
    }

    private void ready(String userId) {
        String sessionId = log.userCommands().stream()
                .filter(command -> command.getUserId().equals(userId))
                .map(command -> command.getOpenSession().getSession().getSessionId())
                .findFirst()
                .orElseThrow();
        gateway.deliver(
                Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(sessionId)));
    }

    /** The users whose sessions INBOX was asked to open, in order. */
    private List<String> opened() {
        return log.userCommands().stream()
                .filter(UserCommand::hasOpenSession)
                .map(UserCommand::getUserId)
                .toList();
    }

    private static Principal authenticate(String token) throws RejectedTokenException {
        if (token.equals("stranger")) {
            throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token is not trusted");
        }
        return TestGateway.principal(token);
    }

    /** A client that has sent connect. */
    private final class Client {

        final FakeTransport transport = new FakeTransport();
        final ClientSession session = gateway.session(transport);

        Client(String userId) {
            assertNull(transport.closed());
            gateway.sendConnect(session, userId);
        }

        List<ServerFrame> received() {
            return transport.received();
        }
    }
}
