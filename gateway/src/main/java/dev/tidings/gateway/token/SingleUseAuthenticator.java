package dev.tidings.gateway.token;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.Error;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Accepts each token once, and only for a short time after its issue: a captured {@code connect} opens no second session. The claim
 * {@code jti} is the nonce, and {@code iat} begins the time window. For sessions only; requests without a session use their token many
 * times. Thread-safe.
 */
public final class SingleUseAuthenticator implements Authenticator {

    /** Keeps the ids apart from those of refresh tokens. */
    private static final String NAMESPACE = "connect:";

    private final Authenticator authenticator;
    private final UsedTokens used;
    private final Duration window;
    private final Duration clockSkew;
    private final LongSupplier logMillis;

    /**
     * @param window after the issue of a token, in which it can be used
     * @param clockSkew how far the clock of the issuer may be off
     * @param logMillis the time of the log
     */
    SingleUseAuthenticator(
            Authenticator authenticator, UsedTokens used, Duration window, Duration clockSkew, LongSupplier logMillis) {
        this.authenticator = authenticator;
        this.used = used;
        this.window = window;
        this.clockSkew = clockSkew;
        this.logMillis = logMillis;
    }

    /**
     * Returns an authenticator of single use.
     *
     * @param window zero: the given authenticator, which accepts a token any number of times
     */
    public static Authenticator around(
            Authenticator authenticator, UsedTokens used, Duration window, Duration clockSkew, LongSupplier logMillis) {
        return window.isZero()
                ? authenticator
                : new SingleUseAuthenticator(authenticator, used, window, clockSkew, logMillis);
    }

    @Override
    public Principal authenticate(String token) throws RejectedTokenException {
        Principal principal = authenticator.authenticate(token);
        if (principal.tokenId().isEmpty() || principal.issuedAtMillis() == 0) {
            throw rejected("the token has no jti or no iat; a token for one connect needs both");
        }
        long ageMillis = logMillis.getAsLong() - principal.issuedAtMillis();
        if (ageMillis > window.plus(clockSkew).toMillis() || ageMillis < -clockSkew.toMillis()) {
            throw rejected("the token was issued " + Math.floorDiv(ageMillis, 1_000) + " s ago; at most "
                    + window.toSeconds() + " s are allowed at a connect");
        }
        if (!isFirstUse(principal)) {
            throw rejected("the token has been used for a connect; each connect needs a token of its own");
        }
        return principal;
    }

    /** Redis keeps an id until its token is too old at each gateway, whatever the allowed difference of their clocks. */
    private boolean isFirstUse(Principal principal) throws RejectedTokenException {
        try {
            return used.use(NAMESPACE + principal.tokenId(), window.plus(clockSkew.multipliedBy(2)));
        } catch (ReadModelUnavailableException e) {
            throw new RejectedTokenException(
                    Error.Code.UNAVAILABLE, "Redis does not answer, so that the use of the token cannot be checked");
        }
    }

    private static RejectedTokenException rejected(String message) {
        return new RejectedTokenException(Error.Code.INVALID_TOKEN, message);
    }
}
