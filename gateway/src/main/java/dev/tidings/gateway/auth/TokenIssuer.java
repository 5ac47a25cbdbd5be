package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Issues tokens that gateways with the same secret and policy accept. */
public final class TokenIssuer {

    private final TokenKeys.Secret secret;
    private final TokenPolicy policy;
    private final LongSupplier nowMillis;

    /** @param policy the claims that gateways require */
    public TokenIssuer(TokenKeys.Secret secret, TokenPolicy policy, LongSupplier nowMillis) {
        this.secret = secret;
        this.policy = policy;
        this.nowMillis = nowMillis;
    }

    /**
     * Returns a token with an id of its own.
     *
     * @param externalId the user, as the identity provider names them: see {@code UserIdEncoding}
     * @param deviceId the only device that may use the token; empty: any
     * @param lifetime a longer one than the policy allows is shortened
     */
    public String issue(String externalId, Set<Scope> scopes, String deviceId, Duration lifetime) {
        long now = nowMillis.getAsLong();
        Duration allowed = lifetime.compareTo(policy.maxLifetime()) < 0 ? lifetime : policy.maxLifetime();
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer(policy.issuer())
                        .audience(policy.audience())
                        .claim(policy.userClaim(), externalId)
                        .issueTime(new Date(now))
                        .expirationTime(new Date(now + allowed.toMillis()))
                        .jwtID(UUID.randomUUID().toString())
                        .claim(
                                "scope",
                                scopes.stream().sorted().map(Scope::claimName).collect(Collectors.joining(" ")))
                        .claim("device_id", deviceId.isEmpty() ? null : deviceId)
                        .build());
        try {
            token.sign(new MACSigner(secret.value()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
        return token.serialize();
    }
}
