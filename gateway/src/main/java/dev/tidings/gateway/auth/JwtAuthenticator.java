package dev.tidings.gateway.auth;

import java.util.function.LongSupplier;

/**
 * Verifies signed JSON Web Tokens and reads their claims. {@code exp} and {@code nbf} are compared with the time of
 * the log, so that all gateways agree. Rejects refresh tokens.
 */
public final class JwtAuthenticator implements Authenticator {

    private final JwtVerifier verifier;

    /** @param nowMillis the time of the log */
    public JwtAuthenticator(TokenKeys keys, TokenPolicy policy, LongSupplier nowMillis) {
        this.verifier = new JwtVerifier(keys, policy, null, nowMillis);
    }

    @Override
    public Principal authenticate(String token) throws RejectedTokenException {
        return verifier.principal(verifier.verify(token));
    }
}
