package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.TokenRevocation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A token is {@code user/scope/device/seconds}: the last is the time until it expires, counted from the start of the test. */
class SessionTokenTest {

    private final Deque<Runnable> background = new ArrayDeque<>();
    private final TestGateway gateway = new TestGateway.Builder()
            .authenticator(this::authenticate)
            .background(background::add)
            .build();

    private final long start = gateway.logMillis.get();
    private final FakeTransport transport = new FakeTransport();
    private ServerFrame last = ServerFrame.getDefaultInstance();
    private final ClientSession session = gateway.session(transport);

    @Test
    void connected_says_when_the_token_expires() {
        open("alice/user//60");

        assertEquals(
                Timestamps.fromMillis(start + 60_000), last().getConnected().getTokenExpiresAt());
    }

    @Test
    void a_token_without_an_end_has_no_expiry() {
        open("alice/user//0");

        assertFalse(last().getConnected().hasTokenExpiresAt());
        gateway.logMillis.addAndGet(1_000_000_000L);
        session.tick(System.nanoTime());
        assertNull(transport.closed());
    }

    @Test
    void a_session_ends_when_its_token_expires_by_the_time_of_the_log() {
        open("alice/user//60");

        gateway.logMillis.set(start + 59_999);
        session.tick(System.nanoTime());
        assertNull(transport.closed());

        gateway.logMillis.set(start + 60_000);
        session.tick(System.nanoTime());
        assertEquals(Disconnect.Code.TOKEN_EXPIRED, last().getDisconnect().getCode());
        assertTrue(last().getDisconnect().getReconnect());
        assertEquals(Transport.CloseReason.INVALID_TOKEN, transport.closed());
    }

    @Test
    void a_fresh_token_keeps_the_session_open() {
        open("alice/user//60");

        refresh("alice/user//120");

        assertEquals("r", last().getId());
        assertEquals(
                Timestamps.fromMillis(start + 120_000),
                last().getTokenRefreshed().getExpiresAt());
        gateway.logMillis.set(start + 119_999);
        session.tick(System.nanoTime());
        assertNull(transport.closed());
        gateway.logMillis.set(start + 120_000);
        session.tick(System.nanoTime());
        assertEquals(Disconnect.Code.TOKEN_EXPIRED, last().getDisconnect().getCode());
    }

    @Test
    void a_fresh_token_that_is_not_for_the_session_changes_nothing() {
        open("alice/user//60");

        for (String token : new String[] {"bob/user//120", "alice/analyst//120", "alice/user/tablet/120", "forged"}) {
            refresh(token);
            assertEquals("r", last().getId());
            assertEquals(Error.Code.INVALID_TOKEN, last().getError().getCode(), token);
            assertNull(transport.closed());
        }

        gateway.logMillis.set(start + 60_000);
        session.tick(System.nanoTime());
        assertEquals(Disconnect.Code.TOKEN_EXPIRED, last().getDisconnect().getCode());
    }

    @Test
    void one_fresh_token_is_verified_at_a_time() {
        open("alice/user//60");

        send("{'id':'r','refreshToken':{'token':'alice/user//120'}}");
        send("{'id':'s','refreshToken':{'token':'alice/user//180'}}");
        assertEquals("s", last().getId());
        assertEquals(Error.Code.OVERLOADED, last().getError().getCode());
        assertTrue(last().getError().getRetryable());

        runBackground();
        assertEquals("r", last().getId());
        assertTrue(last().hasTokenRefreshed());
        refresh("alice/user//180");
        assertTrue(last().hasTokenRefreshed());
    }

    @Test
    void a_fresh_token_comes_too_late_for_a_session_that_has_ended() {
        open("alice/user//60");
        send("{'id':'r','refreshToken':{'token':'alice/user//120'}}");
        gateway.logMillis.set(start + 60_000);
        session.tick(System.nanoTime());
        ServerFrame end = last();

        runBackground();

        assertEquals(end, last());
    }

    @Test
    void a_failure_to_verify_leaves_the_session_open_and_the_next_token_is_verified() {
        open("alice/user//60");

        refresh("failure");
        assertEquals(Error.Code.UNAVAILABLE, last().getError().getCode());

        refresh("alice/user//120");
        assertTrue(last().hasTokenRefreshed());
    }

    @Test
    void a_revocation_ends_the_session_and_rejects_fresh_tokens_and_connects() {
        open("alice/user//60");
        TokenRevocation revocation =
                TokenRevocation.newBuilder().setUserId("alice").build();

        gateway.revocations.accept(revocation, start - 1);
        gateway.sessions.endExcluded();
        assertNull(transport.closed());

        gateway.revocations.accept(revocation, start);
        refresh("alice/user//120");
        assertEquals(Error.Code.INVALID_TOKEN, last().getError().getCode());
        gateway.sessions.endExcluded();
        assertEquals(Disconnect.Code.TOKEN_REVOKED, last().getDisconnect().getCode());
        assertFalse(last().getDisconnect().getReconnect());
        assertEquals(Transport.CloseReason.TOKEN_REVOKED, transport.closed());

        FakeTransport again = new FakeTransport();
        gateway.sendConnect(gateway.session(again), "alice/user//60");
        assertEquals(
                Disconnect.Code.TOKEN_REVOKED,
                again.received().getLast().getDisconnect().getCode());
    }

    @Test
    void a_connect_needs_the_scope_user_and_the_device_of_the_token() {
        for (String token : new String[] {"alice/business//60", "alice/user/tablet/60"}) {
            FakeTransport other = new FakeTransport();
            gateway.sendConnect(gateway.session(other), token);

            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    other.received().getFirst().getError().getCode());
            assertEquals(Transport.CloseReason.INVALID_TOKEN, other.closed());
        }
        open("alice/user/phone/60");
        assertTrue(last().hasConnected());
    }

    private Principal authenticate(String token) throws RejectedTokenException {
        String[] parts = token.split("/", -1);
        if (token.equals("failure")) {
            throw new IllegalStateException("a failure of the test");
        }
        if (parts.length != 4) {
            throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token is not trusted");
        }
        long seconds = Long.parseLong(parts[3]);
        return new Principal(
                parts[0],
                Set.of(Scope.valueOf(parts[1].toUpperCase(Locale.ROOT))),
                "",
                parts[2],
                start,
                seconds == 0 ? Principal.NEVER : start + 1_000 * seconds);
    }

    private void open(String token) {
        String id = gateway.connect(session, token);
        gateway.deliver(
                Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(id)));
    }

    private void refresh(String token) {
        send("{'id':'r','refreshToken':{'token':'" + token + "'}}");
        runBackground();
    }

    private void send(String json) {
        session.onText(TestGateway.json(json));
    }

    private void runBackground() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    /** The last frame of all that the client has received. */
    private ServerFrame last() {
        transport.received().forEach(frame -> last = frame);
        return last;
    }
}
