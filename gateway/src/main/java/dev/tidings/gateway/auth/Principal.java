package dev.tidings.gateway.auth;

import java.util.Set;

/**
 * The user that a verified token names, and what the token grants.
 *
 * @param scopes never empty
 * @param tokenId the claim {@code jti}; empty: the token has none and cannot be revoked alone
 * @param deviceId the only device that may use the token (claim {@code device_id}); empty: any
 * @param issuedAtMillis the claim {@code iat}; 0: the token has none
 * @param expiresAtMillis the time of the log from which the token is rejected: {@code exp} and the allowed clock skew; {@link
 *     #NEVER}: the token does not expire
 */
public record Principal(
        String userId, Set<Scope> scopes, String tokenId, String deviceId, long issuedAtMillis, long expiresAtMillis) {

    public static final long NEVER = Long.MAX_VALUE;

    public Principal {
        scopes = Set.copyOf(scopes);
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }

    public boolean isExpired(long logMillis) {
        return expiresAtMillis <= logMillis;
    }

    /** Whether the token may be used by the device. */
    public boolean isFor(String device) {
        return deviceId.isEmpty() || deviceId.equals(device);
    }
}
