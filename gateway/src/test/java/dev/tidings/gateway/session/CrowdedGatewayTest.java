package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sessions of a gateway at which one may open at a time, among the real classes around them. */
class CrowdedGatewayTest {

    private static final SessionTerms TERMS = new SessionTerms(
            3,
            8,
            65_536,
            100,
            1_000_000,
            Duration.ofSeconds(10),
            LoginPolicy.ALL_DEVICES,
            WatchPresence.Visibility.FRIENDS);

    /** So three may wait. */
    private static final ReconnectPace PACE = new ReconnectPace(1);

    private final RecordedLog log = new RecordedLog();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Following following = new Following(TERMS.slot(), TERMS.epoch(), log);
    private final Access access = new Access(log, Duration.ofMinutes(1));
    private final BufferBudget budget = new BufferBudget(10_000_000);
    private final Sessions sessions = new Sessions(
            following,
            access,
            PACE,
            new BanList(System::currentTimeMillis),
            budget,
            Runnable::run,
            System::currentTimeMillis,
            metrics);
    private final Openings openings = new Openings(1, PACE, Runnable::run, metrics);
    private final ClientApi api = new ClientApi(
            log,
            access,
            (id, from, to, limit) -> new HistoryRange(List.of(), from, 0, true, 0),
            Set.of("webhook", "log"),
            Runnable::run);

    @Test
    void a_session_opens_when_the_one_before_it_is_open() {
        Client alice = new Client("alice");
        Client bob = new Client("bob");
        assertEquals(List.of("alice"), opened());

        ready("alice");

        assertEquals(List.of("alice", "bob"), opened());
        ready("bob");
        assertTrue(alice.hears().getLast().hasConnected());
        assertTrue(bob.hears().getLast().hasConnected());
        assertEquals(0, openings.underWay());
    }

    @Test
    void a_session_opens_when_the_one_before_it_is_gone() {
        Client alice = new Client("alice");
        new Client("bob");

        alice.session.onClosed();

        assertEquals(List.of("alice", "bob"), opened());
    }

    @Test
    void a_session_opens_when_the_one_before_it_may_not() {
        Client stranger = new Client("stranger");

        new Client("bob");

        List<ServerFrame> heard = stranger.hears();
        assertEquals(Error.Code.INVALID_TOKEN, heard.getFirst().getError().getCode());
        assertEquals(
                Disconnect.Code.INVALID_TOKEN, heard.getLast().getDisconnect().getCode());
        assertFalse(heard.getLast().getDisconnect().getReconnect());
        assertEquals(List.of("bob"), opened());
    }

    @Test
    void who_goes_while_waiting_never_opens() {
        new Client("alice");
        Client bob = new Client("bob");
        new Client("carol");

        bob.session.onClosed();
        ready("alice");

        assertEquals(List.of("alice", "carol"), opened());
    }

    @Test
    void who_waits_too_long_is_told_to_try_again() {
        new Client("alice");
        Client bob = new Client("bob");

        bob.session.tick(System.nanoTime() + SessionTerms.OPEN_WITHIN.toNanos() + 1);

        Error error = bob.hears().getFirst().getError();
        assertEquals(Error.Code.UNAVAILABLE, error.getCode());
        assertTrue(error.getRetryable());
        assertEquals(CloseReason.UNAVAILABLE, bob.transport.closed());
    }

    @Test
    void where_too_many_wait_the_next_is_told_when_to_come_back_and_the_log_hears_nothing() {
        new Client("alice");
        List.of("bob", "carol", "dave").forEach(Client::new);

        Client erin = new Client("erin");

        Disconnect disconnect = erin.hears().getLast().getDisconnect();
        assertEquals(Disconnect.Code.OVERLOADED, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(3_000, disconnect.getAfterMs());
        assertTrue(disconnect.getJitterMs() > 0);
        assertEquals(CloseReason.UNAVAILABLE, erin.transport.closed());
        assertFalse(opened().contains("erin"));
        erin.session.onClosed();
        assertEquals(3, openings.waiting());
    }

    @Test
    void where_the_gateway_ends_nobody_waits_any_more() {
        new Client("alice");
        Client bob = new Client("bob");

        sessions.drain();

        assertEquals(
                Disconnect.Code.DRAINING, bob.hears().getLast().getDisconnect().getCode());
        assertEquals(0, openings.underWay() + openings.waiting());
        assertFalse(opened().contains("bob"));
    }

    private void ready(String userId) {
        String sessionId = log.userCommands().stream()
                .filter(command -> command.getUserId().equals(userId))
                .map(command -> command.getOpenSession().getSession().getSessionId())
                .findFirst()
                .orElseThrow();
        sessions.accept(Delivery.newBuilder()
                .setGatewaySlot(TERMS.slot())
                .setSessionReady(SessionReady.newBuilder().setSessionId(sessionId))
                .build());
    }

    /** Whose sessions the log was told to open, in order. */
    private List<String> opened() {
        return log.userCommands().stream()
                .filter(UserCommand::hasOpenSession)
                .map(UserCommand::getUserId)
                .toList();
    }

    private static String userOf(String token) throws RejectedTokenException {
        if (token.equals("stranger")) {
            throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "not known here");
        }
        return token;
    }

    /** A device that has sent connect. */
    private final class Client {

        final FakeTransport transport = new FakeTransport();
        final ClientSession session =
                new ClientSession(transport, TERMS, sessions, following, api, CrowdedGatewayTest::userOf, openings);

        Client(String userId) {
            assertNull(transport.closed());
            sessions.connected(session);
            session.onText("{\"connect\":{\"token\":\"" + userId + "\",\"deviceId\":\"phone\"}}");
        }

        List<ServerFrame> hears() {
            return transport.heard();
        }
    }
}
