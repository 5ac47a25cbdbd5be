package dev.tidings.gateway.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Issues tokens that gateways with the same key or secret, and the same policy, accept. */
public final class TokenIssuer {

    private final TokenSigner signer;
    private final TokenPolicy policy;
    private final LongSupplier nowMillis;

    /** @param policy the claims that gateways require */
    public TokenIssuer(TokenSigner signer, TokenPolicy policy, LongSupplier nowMillis) {
        this.signer = signer;
        this.policy = policy;
        this.nowMillis = nowMillis;
    }

    public TokenIssuer(TokenKeys.Secret secret, TokenPolicy policy, LongSupplier nowMillis) {
        this(TokenSigner.of(secret), policy, nowMillis);
    }

    /**
     * Returns a token with an id of its own.
     *
     * @param externalId the user, as the identity provider names them: see {@code UserIdEncoding}
     * @param deviceId the only device that may use the token; empty: any
     * @param lifetime a longer one than the policy allows is shortened
     */
    public String issue(String externalId, Set<Scope> scopes, String deviceId, Duration lifetime) {
        return signer.sign(
                null,
                claims(policy, nowMillis.getAsLong(), externalId, scopes, deviceId, lifetime)
                        .build());
    }

    /** The claims of a token, with an id of its own. */
    static JWTClaimsSet.Builder claims(
            TokenPolicy policy,
            long nowMillis,
            String externalId,
            Set<Scope> scopes,
            String deviceId,
            Duration lifetime) {
        Duration allowed = lifetime.compareTo(policy.maxLifetime()) < 0 ? lifetime : policy.maxLifetime();
        return new JWTClaimsSet.Builder()
                .issuer(policy.issuer())
                .audience(policy.audience())
                .claim(policy.userClaim(), externalId)
                .issueTime(new Date(nowMillis))
                .expirationTime(new Date(nowMillis + allowed.toMillis()))
                .jwtID(UUID.randomUUID().toString())
                .claim("scope", Scope.format(scopes))
                .claim("device_id", deviceId.isEmpty() ? null : deviceId);
    }
}
