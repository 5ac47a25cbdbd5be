package dev.tidings.gateway.session;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TokenRefreshed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of a session, and the fresh tokens that its client sends. Guarded by the session's lock. */
final class SessionToken {

    private static final Logger LOG = LoggerFactory.getLogger(SessionToken.class);

    private final String deviceId;
    private final GatewayContext gateway;
    private final SessionContext session;
    private Principal principal;
    private boolean verifying;

    SessionToken(Principal principal, String deviceId, GatewayContext gateway, SessionContext session) {
        this.principal = principal;
        this.deviceId = deviceId;
        this.gateway = gateway;
        this.session = session;
    }

    Principal principal() {
        return principal;
    }

    boolean isRevoked() {
        return gateway.sessions().isRevoked(principal, deviceId);
    }

    boolean isExpired() {
        return principal.isExpired(gateway.sessions().logMillis());
    }

    /**
     * Verifies a fresh token in the background. Continues the session with it if it is for the same user and device; otherwise
     * sends an error, and the session keeps the token that it has.
     */
    void refresh(String frameId, String token) {
        if (verifying) {
            session.fail(frameId, Errors.overloaded("another token of this connection is being verified; retry"));
            return;
        }
        verifying = true;
        gateway.sessions().background().execute(() -> verify(frameId, token));
    }

    /** Runs without the lock: verifying a token may block. */
    private void verify(String frameId, String token) {
        try {
            Principal fresh = gateway.authenticator().authenticate(token);
            session.whileRegistered(() -> accept(frameId, fresh));
        } catch (RejectedTokenException e) {
            session.whileRegistered(() -> reject(frameId, ConnectHandshake.error(e)));
        } catch (RuntimeException e) {
            LOG.error("a fresh token could not be verified", e);
            session.whileRegistered(
                    () -> reject(frameId, Errors.unavailable("the token cannot be verified now; retry")));
        }
    }

    private void accept(String frameId, Principal fresh) {
        Error flaw = check(fresh);
        if (flaw != null) {
            reject(frameId, flaw);
            return;
        }
        verifying = false;
        principal = fresh;
        TokenRefreshed.Builder answer = TokenRefreshed.newBuilder();
        if (fresh.expiresAtMillis() != Principal.NEVER) {
            answer.setExpiresAt(Timestamps.fromMillis(fresh.expiresAtMillis()));
        }
        session.send(frameId, ServerFrame.newBuilder().setTokenRefreshed(answer));
    }

    private void reject(String frameId, Error error) {
        verifying = false;
        session.fail(frameId, error);
    }

    private @Nullable Error check(Principal fresh) {
        if (!fresh.userId().equals(principal.userId())) {
            return Errors.error(
                    Error.Code.INVALID_TOKEN,
                    "the token is for user " + fresh.userId() + "; the session is of " + principal.userId());
        }
        return gateway.sessions().isRevoked(fresh, deviceId)
                ? Errors.error(Error.Code.INVALID_TOKEN, "the token has been revoked")
                : ConnectHandshake.checkToken(fresh, deviceId);
    }
}
